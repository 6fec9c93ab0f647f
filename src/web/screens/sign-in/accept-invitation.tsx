import { Page } from '../../ui/page.tsx';

export function AcceptInvitationScreen() {
  return <Page title="accept-invitation">.</Page>;
}
