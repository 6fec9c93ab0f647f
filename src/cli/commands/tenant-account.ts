import { ReosError } from '../../domain/errors.ts';
import { PLAN_LIMITS, PLANS, type Plan } from '../../domain/plans.ts';
import { take } from '../../sdk/client.ts';
import { type Caller, withCaller } from '../caller.ts';
import type { CommandContext } from '../context.ts';
import type { EitherVerb } from '../main.ts';
import { oneOf } from './contact-context.ts';
import { everyTenant } from './tenant.ts';

type Change = { plan: Plan } | { status: 'active' | 'suspended' };

/** `reos tenant plan SLUG PLAN` */
export const tenantPlan: EitherVerb = orderOf(
  (command) =>
    command
      .description('Give a tenant another plan, from its next request on')
      .argument('<slug>', 'short name of the tenant')
      .argument('<plan>', PLANS.join(', '))
      .addHelpText('after', '\nExample:\n  $ reos tenant plan acme professional'),
  ([, plan]) => ({ plan: oneOf('<plan>', plan, PLANS) }),
);

/** `reos tenant suspend SLUG` */
export const tenantSuspend: EitherVerb = orderOf(
  (command) =>
    command
      .description('Shut a tenant out: nobody gets in, nothing is sent, until it is resumed')
      .argument('<slug>', 'short name of the tenant')
      .addHelpText('after', '\nExample:\n  $ reos tenant suspend acme'),
  () => ({ status: 'suspended' }),
);

/** `reos tenant resume SLUG` */
export const tenantResume: EitherVerb = orderOf(
  (command) =>
    command
      .description('Let a suspended tenant go on where it was')
      .argument('<slug>', 'short name of the tenant')
      .addHelpText('after', '\nExample:\n  $ reos tenant resume acme'),
  () => ({ status: 'active' }),
);

/** A verb of whoever runs the installation, about a tenant that it names. */
function orderOf(describe: EitherVerb['describe'], changeOf: (args: string[]) => Change): EitherVerb {
  const ask = async ({ api, output }: Caller, args: string[]): Promise<void> => {
    const change = changeOf(args);
    const slug = String(args[0]);
    const id = (await everyTenant(api)).find((one) => one.slug === slug)?.id;
    if (id === undefined) throw new ReosError('not_found', `There is no tenant '${slug}'. See: reos tenant list`);
    const tenant = await take(api.PATCH('/api/v1/tenants/{id}', { params: { path: { id } }, body: change }));
    const { propertiesPerMonth, requestsPerMinute } = PLAN_LIMITS[tenant.plan];
    const limits = `${propertiesPerMonth ?? 'any number of'} new properties a month, ${requestsPerMinute} requests a minute`;
    output.answer(tenant, `${tenant.slug}: ${tenant.status}, plan ${tenant.plan} (${limits})`);
  };
  return {
    describe,
    run: (context: CommandContext, args) =>
      withCaller({ ...context, tenantSlug: args[0] }, {}, (caller) => ask(caller, args)),
    askRemote: ask,
  };
}
