import { Page } from '../../ui/page.tsx';

export function SignalsScreen() {
  return <Page title="Surges and anomalies">.</Page>;
}
