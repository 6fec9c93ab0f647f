import { Page } from '../../ui/page.tsx';

export function CostsScreen() {
  return <Page title="Costs">.</Page>;
}
