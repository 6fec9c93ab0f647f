import { Page } from '../../ui/page.tsx';

export function OutboxScreen() {
  return <Page title="Outbox">.</Page>;
}
