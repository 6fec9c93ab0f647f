import { Page } from '../../ui/page.tsx';

export function MarketScreen() {
  return <Page title="Market">.</Page>;
}
