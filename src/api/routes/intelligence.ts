import { z } from '@hono/zod-openapi';
import { postgresFeedback, readWeights } from '../../intelligence/feedback-store.ts';
import { outlookSchema, readOutlook } from '../../intelligence/market-outlook.ts';
import { createMemory, type Memory } from '../../intelligence/memory.ts';
import { runTool, TOOLS } from '../../intelligence/registry.ts';
import type { Tool } from '../../intelligence/tool.ts';
import { postgresWarehouse } from '../../intelligence/warehouses/postgres.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { wholeQuery } from '../kit/schemas.ts';

const listed = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      writes: z.boolean(),
      input_schema: z.record(z.string(), z.unknown()),
      output_schema: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** `/api/v1/intelligence/tools`: what the intelligence room can answer, and one route per tool. */
export function intelligenceEndpoints(deps: Pick<ApiDeps, 'warehouse' | 'marketRules'>): Endpoint[] {
  const memory = createMemory();
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/intelligence/tools',
        operationId: 'listTools',
        tag: 'Market intelligence',
        summary: 'Every tool with the schemas of its input and answer',
        permission: 'properties:read',
        answer: listed,
      },
      async () => ({
        tools: TOOLS.map(({ name, title, description, writes, input, output }) => ({
          name,
          title,
          description,
          writes,
          input_schema: z.toJSONSchema(input, { io: 'input' }),
          output_schema: z.toJSONSchema(output, { io: 'output' }),
        })),
      }),
    ),
    outlookEndpoint(deps, memory),
    ...TOOLS.map((one) => toolEndpoint(one, deps, memory)),
  ];
}

/** `/api/v1/intelligence/forecasts`: price, days on market and sales of the periods to come. */
function outlookEndpoint(
  { warehouse, marketRules }: Pick<ApiDeps, 'warehouse' | 'marketRules'>,
  memory: Memory,
): Endpoint {
  const spec = {
    method: 'get',
    path: '/api/v1/intelligence/forecasts',
    operationId: 'forecastMarket',
    tag: 'Market intelligence',
    summary: 'Where price, days on market and sales of a market go, with intervals',
    description:
      'Each figure by whichever of a damped trend with seasons, the last value and the value of a year before erred least on the market’s own past; `mae` has all three. 80% intervals.',
    permission: 'properties:read',
    query: z.object({
      market: z.string().trim().min(1).max(120).openapi({ example: 'Phoenix, AZ' }),
      segment: z.string().trim().min(1).max(60).default('all'),
      grain: z.enum(['week', 'month', 'quarter']).optional(),
      horizon: wholeQuery(1, 24).default(6),
      as_of: z.iso.date().optional(),
    }),
    answer: outlookSchema,
  } as const;
  if (warehouse === undefined) {
    return endpoint(spec, async ({ trx, query, now }) => {
      const context = { warehouse: postgresWarehouse(trx, memory), now, weights: await readWeights(trx), marketRules };
      return readOutlook(context, query);
    });
  }
  return ownEndpoint(spec, async ({ principal, inTenant, query, now }) => {
    const context = {
      warehouse: warehouse(principal.tenantId),
      now,
      weights: await inTenant(readWeights),
      marketRules,
    };
    return readOutlook(context, query);
  });
}

function toolEndpoint(
  one: Tool,
  { warehouse, marketRules }: Pick<ApiDeps, 'warehouse' | 'marketRules'>,
  memory: Memory,
): Endpoint {
  const spec = {
    method: 'post',
    path: `/api/v1/intelligence/tools/${one.name}`,
    operationId: camelCase(one.name),
    tag: 'Market intelligence',
    summary: one.title,
    description: one.description,
    permission: one.writes ? 'properties:update' : 'properties:read',
    isQuestion: !one.writes,
    body: one.input,
    answer: one.output,
  } as const;
  if (warehouse === undefined || one.writes) {
    return endpoint(spec, async ({ trx, body, now }) => {
      const context = { warehouse: postgresWarehouse(trx, memory), now, weights: await readWeights(trx), marketRules };
      return (await runTool({ ...context, feedback: postgresFeedback(trx) }, one.name, body)) as never;
    });
  }
  return ownEndpoint(spec, async ({ principal, inTenant, body, now }) => {
    const context = {
      warehouse: warehouse(principal.tenantId),
      now,
      weights: await inTenant(readWeights),
      marketRules,
    };
    return (await runTool(context, one.name, body)) as never;
  });
}

const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
