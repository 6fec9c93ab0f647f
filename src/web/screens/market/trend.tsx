import { Page } from '../../ui/page.tsx';

export function MarketTrendScreen() {
  return <Page title="MarketTrend">.</Page>;
}
