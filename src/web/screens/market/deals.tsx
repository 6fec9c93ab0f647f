import { Page } from '../../ui/page.tsx';

export function DealsScreen() {
  return <Page title="Deals">.</Page>;
}
