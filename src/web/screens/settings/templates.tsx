import { Page } from '../../ui/page.tsx';

export function TemplatesScreen() {
  return <Page title="Templates">.</Page>;
}
