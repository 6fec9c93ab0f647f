import { Page } from '../../ui/page.tsx';

export function PropertyScreen() {
  return <Page title="Property">.</Page>;
}
