import { Page } from '../../ui/page.tsx';

export function CampaignScreen() {
  return <Page title="Campaign">.</Page>;
}
