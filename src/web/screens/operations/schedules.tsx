import { Page } from '../../ui/page.tsx';

export function SchedulesScreen() {
  return <Page title="Operations">.</Page>;
}
