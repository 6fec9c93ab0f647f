import { TabLinks } from '../../ui/tabs.tsx';

/** The parts of outreach, each with an address. */
export function CampaignTabs() {
  return (
    <TabLinks
      label="Outreach"
      tabs={[
        { to: '/campaigns', text: 'Campaigns', isExact: true },
        { to: '/campaigns/outbox', text: 'Outbox' },
        { to: '/campaigns/unknowns', text: 'Unknown sends' },
      ]}
    />
  );
}
