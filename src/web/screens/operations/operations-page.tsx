import type { ReactNode } from 'react';
import { useMay } from '../../app/permissions.ts';
import { Page } from '../../ui/page.tsx';
import { NoPermission } from '../../ui/states.tsx';
import { TabLinks } from '../../ui/tabs.tsx';

const TABS = [
  { to: '/operations', text: 'Schedules', isExact: true, needs: 'properties:read' },
  { to: '/operations/runs', text: 'Runs', needs: 'properties:read' },
  { to: '/operations/failures', text: 'Failures', needs: 'properties:read' },
  { to: '/operations/quality', text: 'Data quality', needs: 'properties:read' },
  { to: '/operations/costs', text: 'Costs', needs: 'properties:read' },
  { to: '/operations/sources', text: 'Sources', needs: 'properties:read' },
  { to: '/operations/health', text: 'Components', needs: 'properties:read' },
  { to: '/operations/audit', text: 'Audit log', needs: 'audit:read' },
] as const;

/** A screen of the operations, with the tabs that the person's role reaches. */
export function OperationsPage({
  title,
  about,
  actions,
  needs = 'properties:read',
  children,
}: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  needs?: string;
  children: ReactNode;
}) {
  const may = useMay();
  return (
    <Page title={title} about={about} actions={actions}>
      <TabLinks label="Operations" tabs={TABS.filter((tab) => may(tab.needs))} />
      {may(needs) ? children : <NoPermission what="this" needs={needs} />}
    </Page>
  );
}
