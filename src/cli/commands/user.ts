import { ReosError } from '../../domain/errors.ts';
import { ROLES, type Role } from '../../domain/policy.ts';
import { type components, take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { oneOf } from './contact-context.ts';

type User = components['schemas']['User'];
const EVERY_USER = 100_000;

/** `reos user list` */
export const userList: ApiVerb = {
  describe: (command) =>
    command.description('List the people of the tenant').addHelpText('after', '\nExample:\n  $ reos user list --json'),
  async ask({ api, output }) {
    const users = await allUsers(api);
    output.answer({ users }, table(users, ['email', 'name', 'role', 'status', 'last_login_at', 'id']));
  },
};

/** `reos user add EMAIL`: an invitation, mailed and shown once. */
export const userAdd: ApiVerb = {
  describe: (command) =>
    command
      .description(
        'Invite a person by mail; they choose their own password with the link, which is shown once here, too',
      )
      .argument('<email>', 'e-mail address')
      .option('--role <role>', ROLES.join(', '), 'viewer')
      .addHelpText('after', '\nExample:\n  $ reos user add ada@example.com --role admin'),
  async ask({ api, output, apiUrl }, [email], options) {
    const role = oneOf('--role', options.role, ROLES);
    const made = await take(api.POST('/api/v1/invitations', { body: { email: String(email), role } }));
    output.answer(
      made,
      `${made.email} is invited as ${made.role}, until ${made.expires_at}.\n${howToJoin(made, apiUrl)}`,
    );
  },
};

/** How the holder of an invitation joins: the link works once. */
function howToJoin(made: components['schemas']['NewInvitation'], apiUrl: string | null): string {
  const body = JSON.stringify({
    token: made.token,
    name: 'YOUR NAME',
    password: 'A PASSWORD OF 12 CHARACTERS OR MORE',
  });
  return [
    made.is_mailed
      ? 'A mail with the link leaves within five minutes while workers run (without a mail provider into the outbox: reos outbox). The link works once:'
      : 'Nothing is mailed. The link works once:',
    `  ${made.url}`,
    'Without the dashboard:',
    `  curl -X POST ${apiUrl ?? 'http://127.0.0.1:8080'}/api/v1/auth/accept-invitation -H 'Content-Type: application/json' \\`,
    `    -d '${body}'`,
  ].join('\n');
}

/** `reos user role EMAIL ROLE` */
export const userRole: ApiVerb = {
  describe: (command) =>
    command
      .description('Give a person another role; it ends their sessions')
      .argument('<user>', 'e-mail address or id')
      .argument('<role>', ROLES.join(', '))
      .addHelpText('after', '\nExample:\n  $ reos user role ada@example.com analyst'),
  ask: (caller, [user, role]) => changeUser(caller, user, { role: oneOf('<role>', role, ROLES) }),
};

/** `reos user disable EMAIL` */
export const userDisable: ApiVerb = {
  describe: (command) =>
    command
      .description('Shut a person out; it ends their sessions')
      .argument('<user>', 'e-mail address or id')
      .option('--enable', 'let them in again')
      .addHelpText('after', '\nExample:\n  $ reos user disable ada@example.com'),
  ask: (caller, [user], options) =>
    changeUser(caller, user, { status: options.enable === true ? 'active' : 'disabled' }),
};

async function changeUser(
  { api, output }: Caller,
  name: string | undefined,
  body: { role?: Role; status?: 'active' | 'disabled' },
): Promise<void> {
  const { id } = await findUser(api, name);
  const user = await take(api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body }));
  output.answer(user, `${user.email}: ${user.role}, ${user.status}`);
}

/** The user of an e-mail address or id. @throws ReosError `not_found` */
export async function findUser(api: Caller['api'], name: string | undefined): Promise<User> {
  const wanted = String(name).toLowerCase();
  const found = (await allUsers(api)).find(({ id, email }) => id === wanted || email.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new ReosError('not_found', `There is no user ${wanted}. See: reos user list`);
}

function allUsers(api: Caller['api']): Promise<User[]> {
  return collect(EVERY_USER, (query) => take(api.GET('/api/v1/users', { params: { query } })));
}
