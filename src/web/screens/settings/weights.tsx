import { Page } from '../../ui/page.tsx';

export function WeightsScreen() {
  return <Page title="Weights">.</Page>;
}
