import { z } from '@hono/zod-openapi';
import { type BudgetState, listBudgets, removeBudget, setBudget } from '../../db/queries/budgets.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { costDollars } from '../kit/schemas.ts';

const PERIODS = ['day', 'month'] as const;
/** A budget in answers. */
export const budget = z
  .object({
    resource: z.string().openapi({ description: 'Provider or channel; `*`: everything' }),
    period: z.enum(PERIODS),
    limit: costDollars,
    spent: costDollars,
    left: costDollars,
  })
  .openapi('Budget');
const resource = z
  .string()
  .regex(/^(\*|[a-z][a-z0-9-]{0,59})$/, 'must be * or the name of a provider or channel')
  .openapi({ example: '*' });
const place = z.object({ resource, period: z.enum(PERIODS) });

/** `/api/v1/budgets`: what may be spent on providers and messages. */
export function budgetEndpoints(deps: Pick<ApiDeps, 'paidResources'>): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/budgets',
        operationId: 'listBudgets',
        tag: 'Administration',
        summary: 'What may be spent in a day or month, and what is left; nothing is bought without a budget',
        permission: 'tenant:read',
        answer: z.object({ items: z.array(budget) }),
      },
      async ({ trx }) => ({ items: (await listBudgets(trx)).map(budgetOf) }),
    ),
    endpoint(
      {
        method: 'put',
        path: '/api/v1/budgets/{resource}/{period}',
        operationId: 'setBudget',
        tag: 'Administration',
        summary: 'Say how much may be spent on a provider or channel in a day or month; 0 forbids it',
        permission: 'tenant:update',
        params: place,
        body: z.strictObject({ limit: z.number().min(0).max(1e9).openapi({ description: 'US dollars' }) }),
        answer: budget,
      },
      async ({ trx, params, body, principal }) => {
        const known = ['*', ...(deps.paidResources ?? [])];
        if (deps.paidResources !== undefined && !known.includes(params.resource)) {
          throw new ReosError(
            'validation',
            `resource: nothing is bought from '${params.resource}'. Known: ${known.join(', ')}.`,
            {
              details: { field: 'resource' },
            },
          );
        }
        await setBudget(trx, { ...params, limitMicros: Math.round(body.limit * 1e6), by: principal.id });
        const all = await listBudgets(trx, params.resource);
        const now = all.find((one) => one.resource === params.resource && one.period === params.period);
        return budgetOf(now!);
      },
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/budgets/{resource}/{period}',
        operationId: 'removeBudget',
        tag: 'Administration',
        summary: 'Remove a budget; without any that covers it, nothing more is bought',
        permission: 'tenant:update',
        params: place,
        answer: null,
      },
      async ({ trx, params, principal }) => {
        if (await removeBudget(trx, { ...params, by: principal.id })) return;
        throw new ReosError('not_found', `There is no budget for ${params.resource} a ${params.period}.`);
      },
    ),
  ];
}

/** A stored budget as answers show it. */
export function budgetOf({ resource, period, limitMicros, spentMicros }: BudgetState): z.input<typeof budget> {
  const left = Math.max(0, limitMicros - spentMicros);
  return { resource, period, limit: limitMicros, spent: spentMicros, left };
}
