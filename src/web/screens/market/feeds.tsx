import { Page } from '../../ui/page.tsx';

export function FeedsScreen() {
  return <Page title="Market feeds">.</Page>;
}
