import type { Database } from '../../db/connect.ts';
import { appendAudit } from '../../db/queries/audit.ts';
import { ensureTenant, findTenant, listAccounts } from '../../db/queries/tenants.ts';
import { hasAnyUser } from '../../db/queries/users.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import { useSystem } from '../context.ts';
import { collect } from '../listing.ts';
import type { ApiVerb, EitherVerb, LocalVerb } from '../main.ts';
import { operatorName } from '../operator.ts';
import { table } from '../output.ts';

/** `reos tenant create SLUG` */
export const tenantCreate: LocalVerb = {
  localOnly:
    'Only whoever runs the installation makes tenants with it. Over HTTP an organisation signs up at /api/v1/auth/register.',
  describe: (command) =>
    command
      .description('Make a tenant without quotas, for whoever runs this installation')
      .argument('<slug>', 'short name: lower-case letters, digits and hyphens')
      .option('--name <name>', 'name of the organisation (default: the slug)')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos tenant create acme --name "Acme Homes"\n  $ reos user add ada@example.com --role admin --tenant acme',
      ),
  async run(context, [text], options) {
    const slug = String(text);
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length > 50) {
      throw new ReosError(
        'validation',
        `'${slug}' is no short name: lower-case letters, digits and hyphens, 50 at most.`,
      );
    }
    await useSystem(context, { services: false }, async ({ db }) => {
      const name = String(options.name ?? slug);
      const tenant = await withSystem(db, 'the operator makes a tenant', async (trx) => {
        if ((await findTenant(trx, slug)) !== undefined) {
          throw new ReosError('conflict', `There is a tenant '${slug}' already. See: reos tenant list`);
        }
        return ensureTenant(trx, { slug, name });
      });
      await withTenant(db, tenant.id, (trx) =>
        appendAudit(trx, {
          at: new Date(),
          actorKind: 'system',
          actorId: `command-line:${operatorName()}`,
          action: 'tenant:create',
          resource: `tenant:${tenant.id}`,
          outcome: 'ok',
          requestId: null,
          subjectId: null,
          detail: { slug },
        }),
      );
      context.output.answer(
        { ...tenant },
        `${tenant.slug}: made. Its first person: reos user add EMAIL --role admin --tenant ${tenant.slug}`,
      );
    });
  },
};

/** `reos tenant list` */
export const tenantList: EitherVerb = {
  describe: (command) =>
    command
      .description('List the tenants of this installation with plan and state')
      .addHelpText('after', '\nExample:\n  $ reos tenant list'),
  run: (context) =>
    useSystem(context, { services: false }, async ({ db }) => {
      const all = await withSystem(db, 'the operator lists tenants', (trx) => listAccounts(trx, { limit: MOST }));
      const tenants = all.map(({ timeZone, isOperator: _, createdAt, ...rest }) => ({
        ...rest,
        time_zone: timeZone,
        created_at: createdAt.toISOString(),
      }));
      context.output.answer({ tenants }, table(tenants, COLUMNS));
    }),
  async askRemote({ api, output }) {
    const tenants = await everyTenant(api);
    output.answer({ tenants }, table(tenants, COLUMNS));
  },
};

const COLUMNS = ['slug', 'name', 'plan', 'status', 'id'] as const;
const MOST = 100_000;

/** `reos tenant show`: the tenant that a command works in. */
export const tenantShow: ApiVerb = {
  describe: (command) =>
    command
      .description('Show the tenant: name, plan, time zone')
      .addHelpText('after', '\nExample:\n  $ reos tenant show --json'),
  async ask({ api, output }) {
    const { items } = await take(api.GET('/api/v1/tenants', { params: {} }));
    const tenant = items[0]!;
    output.answer(tenant, table([tenant], ['slug', 'name', 'plan', 'status', 'time_zone', 'id']));
  },
};

/** Every tenant, for whoever runs the installation. */
export function everyTenant(api: Caller['api']) {
  return collect(MOST, (query) => take(api.GET('/api/v1/tenants', { params: { query: { ...query, all: true } } })));
}

/** Whether anybody can sign in to this installation. */
export function hasPeople(db: Database): Promise<boolean> {
  return withSystem(db, 'whether anybody can sign in', hasAnyUser);
}
