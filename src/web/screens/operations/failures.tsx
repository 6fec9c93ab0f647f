import { Page } from '../../ui/page.tsx';

export function FailuresScreen() {
  return <Page title="Failures">.</Page>;
}
