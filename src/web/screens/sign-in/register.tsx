import { Page } from '../../ui/page.tsx';

export function RegisterScreen() {
  return <Page title="register">.</Page>;
}
