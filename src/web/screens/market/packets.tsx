import { Page } from '../../ui/page.tsx';

export function PacketsScreen() {
  return <Page title="Packets">.</Page>;
}
