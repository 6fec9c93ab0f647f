import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkContactId } from './contact-context.ts';

/** `reos invitation list` */
export const invitationList: ApiVerb = {
  describe: (command) =>
    command
      .description('List invitations that were neither accepted nor revoked')
      .addHelpText('after', '\nExample:\n  $ reos invitation list'),
  async ask({ api, output }) {
    const invitations = await collect(10_000, (query) => take(api.GET('/api/v1/invitations', { params: { query } })));
    output.answer({ invitations }, table(invitations, ['email', 'role', 'created_at', 'expires_at', 'id']));
  },
};

/** `reos invitation revoke ID` */
export const invitationRevoke: ApiVerb = {
  describe: (command) =>
    command
      .description('Revoke an invitation: its token works no more')
      .argument('<invitation>', 'invitation id')
      .addHelpText('after', '\nExample:\n  $ reos invitation revoke 4f7c…'),
  async ask({ api, output }, [text]) {
    const id = checkContactId(text, 'invitation', 'reos invitation list');
    await take(api.DELETE('/api/v1/invitations/{id}', { params: { path: { id } } }));
    output.answer({ id, revoked: true }, `${id}: revoked`);
  },
};
