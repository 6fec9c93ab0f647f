import { Page } from '../../ui/page.tsx';

export function UnknownSendsScreen() {
  return <Page title="UnknownSends">.</Page>;
}
