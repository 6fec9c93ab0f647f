import { Page } from '../../ui/page.tsx';

export function RunsScreen() {
  return <Page title="Runs">.</Page>;
}
