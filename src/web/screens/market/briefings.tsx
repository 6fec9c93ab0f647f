import { Page } from '../../ui/page.tsx';

export function BriefingsScreen() {
  return <Page title="Briefings">.</Page>;
}
