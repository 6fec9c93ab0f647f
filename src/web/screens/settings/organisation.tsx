import { useMay } from '../../app/permissions.ts';
import { NoPermission } from '../../ui/states.tsx';
import { BrandingCard } from './branding.tsx';
import { OrganisationCard } from './organisation-card.tsx';
import { QuietHours } from './quiet-hours.tsx';
import { SettingsPage } from './settings-page.tsx';
import { UsageCard } from './usage.tsx';

/** The organisation: its name, how its memos look, and what it used of its plan. */
export function OrganisationScreen() {
  const may = useMay();
  return (
    <SettingsPage title="Organisation" about="Its name, how its memos look, and what it used of its plan.">
      {!may('tenant:read') && !may('outreach:read') && <NoPermission what="the organisation" needs="tenant:read" />}
      {may('tenant:read') && (
        <div className="grid">
          <OrganisationCard mayChange={may('tenant:update')} />
          <UsageCard />
        </div>
      )}
      {may('outreach:read') && <BrandingCard mayChange={may('tenant:update')} />}
      {may('outreach:read') && <QuietHours />}
    </SettingsPage>
  );
}
