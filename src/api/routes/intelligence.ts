import { z } from '@hono/zod-openapi';
import { postgresFeedback, readWeights } from '../../intelligence/feedback-store.ts';
import { createMemory, type Memory } from '../../intelligence/memory.ts';
import { runTool, TOOLS } from '../../intelligence/registry.ts';
import type { Tool } from '../../intelligence/tool.ts';
import { postgresWarehouse } from '../../intelligence/warehouses/postgres.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';

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
    ...TOOLS.map((one) => toolEndpoint(one, deps, memory)),
  ];
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
