import { Page } from '../../ui/page.tsx';

export function PropertiesScreen() {
  return <Page title="Properties">.</Page>;
}
