import { Page } from '../../ui/page.tsx';

export function ConfidenceScreen() {
  return <Page title="Confidence">.</Page>;
}
