import type { ReactNode } from 'react';
import { useMay } from '../../app/permissions.ts';
import { Page } from '../../ui/page.tsx';
import { TabLinks } from '../../ui/tabs.tsx';

const TABS = [
  { to: '/settings', text: 'Profile', isExact: true },
  { to: '/settings/organisation', text: 'Organisation', needs: 'tenant:read', or: 'outreach:read' },
  { to: '/settings/users', text: 'Users', needs: 'users:read' },
  { to: '/settings/api-keys', text: 'API keys', needs: 'keys:read' },
  { to: '/settings/webhooks', text: 'Webhooks', needs: 'webhooks:read' },
  { to: '/settings/templates', text: 'Templates', needs: 'outreach:read' },
  { to: '/settings/weights', text: 'Weights', needs: 'properties:read' },
] as const;

/** A screen of the settings, with the tabs that the person's role reaches. */
export function SettingsPage({
  title,
  about,
  actions,
  children,
}: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const may = useMay();
  const tabs = TABS.filter((tab) => !('needs' in tab) || may(tab.needs) || ('or' in tab && may(tab.or)));
  return (
    <Page title={title} about={about} actions={actions}>
      <TabLinks label="Settings" tabs={tabs} />
      {children}
    </Page>
  );
}
