import { type MailedSend, playMailEvents, signedEvents } from '../../../src/demo/mail-events.ts';
import { outboxEventKeys } from '../../../src/secrets.ts';
import type { DashboardSystem } from './system.ts';

/**
 * Posts what a mail provider would report of one message that arrives, signed. One in 25 of the stories ends with a bounce:
 * the first that does not is told.
 */
export async function playDelivery(
  system: Pick<DashboardSystem, 'url' | 'settings'>,
  send: Omit<MailedSend, 'email'>,
): Promise<void> {
  const options = {
    sends: [{ ...send, email: 'ina@example.com' }],
    keys: outboxEventKeys(system.settings.home),
    callToActionUrl: `${system.url}/interested`,
    memoUrl: `${system.url}/files/memo.pdf`,
    now: new Date(),
  };
  let seed = 1;
  while (!signedEvents({ ...options, seed }).some(({ body }) => body.includes('"event":"delivered"'))) seed += 1;
  await playMailEvents({ ...options, seed, webhookUrl: `${system.url}/webhook/sendgrid` });
}
