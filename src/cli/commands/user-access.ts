import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { findUser } from './user.ts';

/** `reos user reset-password EMAIL`: a link that is shown once. */
export const userResetPassword: ApiVerb = {
  describe: (command) =>
    command
      .description('Make a link with which a person chooses a new password; it is shown once')
      .argument('<user>', 'e-mail address or id')
      .addHelpText('after', '\nExample:\n  $ reos user reset-password ada@example.com'),
  async ask({ api, output }, [name]) {
    const { id } = await findUser(api, name);
    const link = await take(api.POST('/api/v1/users/{id}/password-reset', { params: { path: { id } } }));
    output.answer(
      link,
      `${link.email} chooses a new password here, once, until ${link.expires_at}:\n  ${link.url}\nUntil then the present one works. Nothing was mailed: give the link to them and to nobody else.`,
    );
  },
};

/** `reos user erase EMAIL` */
export const userErase: ApiVerb = {
  describe: (command) =>
    command
      .description('Forget who a person was, for good; what they did stays under their id')
      .argument('<user>', 'e-mail address or id')
      .option('--yes', 'it cannot be undone: do it')
      .addHelpText('after', '\nExample:\n  $ reos user erase ada@example.com --yes'),
  async ask({ api, output }, [name], options) {
    const { id, email } = await findUser(api, name);
    if (options.yes !== true) {
      throw new ReosError('validation', `${email} is erased for good. To do it: reos user erase ${email} --yes`);
    }
    await take(api.DELETE('/api/v1/users/{id}', { params: { path: { id } } }));
    output.answer({ id, erased: true }, `${id}: erased`);
  },
};
