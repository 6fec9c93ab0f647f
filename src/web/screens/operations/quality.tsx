import { Page } from '../../ui/page.tsx';

export function QualityScreen() {
  return <Page title="Quality">.</Page>;
}
