import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { wholeOption } from '../train-options.ts';
import { checkContactId } from './contact-context.ts';

const DAY_MS = 86_400_000;

/** `reos api-key create`: a credential for a program, shown once. */
export const apiKeyCreate: ApiVerb = {
  describe: (command) =>
    command
      .description('Make an API key; it is shown once, and only its hash is kept')
      .option('--name <name>', 'what it is for', 'command line')
      .option('--scopes <list>', 'what it may do, such as properties:read,outreach:*', '*')
      .option('--days <n>', 'how long it works (default: until it is revoked)')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos api-key create --name dashboard --scopes properties:read\n  $ REOS_API_KEY=$(reos api-key create) reos lifecycle list --api http://127.0.0.1:8080',
      ),
  async ask({ api, output }, _args, options) {
    const days = wholeOption('--days', options.days, 1, 3_650);
    const scopes = String(options.scopes)
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== '');
    const made = await take(
      api.POST('/api/v1/api-keys', {
        body: {
          name: String(options.name),
          // The API names the scopes that there are when one is not among them.
          scopes: scopes as never[],
          ...(days === undefined ? {} : { expires_at: new Date(Date.now() + days * DAY_MS).toISOString() }),
        },
      }),
    );
    output.answer(made, made.key);
  },
};

/** `reos api-key list` */
export const apiKeyList: ApiVerb = {
  describe: (command) =>
    command.description('List API keys, revoked ones too').addHelpText('after', '\nExample:\n  $ reos api-key list'),
  async ask({ api, output }) {
    const keys = await collect(10_000, (query) => take(api.GET('/api/v1/api-keys', { params: { query } })));
    const lines = keys.map(({ scopes, ...key }) => ({ ...key, scopes: scopes.join(',') }));
    output.answer(
      { api_keys: keys },
      table(lines, ['name', 'scopes', 'created_at', 'last_used_at', 'request_count', 'expires_at', 'revoked_at', 'id']),
    );
  },
};

/** `reos api-key revoke ID` */
export const apiKeyRevoke: ApiVerb = {
  describe: (command) =>
    command
      .description('Revoke an API key, at once')
      .argument('<key>', 'id of the key, not the key')
      .addHelpText('after', '\nExample:\n  $ reos api-key revoke 4f7c…'),
  async ask({ api, output }, [text]) {
    const id = checkContactId(text, 'key', 'reos api-key list');
    await take(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }));
    output.answer({ id, revoked: true }, `${id}: revoked`);
  },
};
