import { createRoute, type z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { problemSchema } from './schemas.ts';

/** The route as the OpenAPI document has it. */
export function routeOf({ mode, spec }: Endpoint) {
  const errors = {
    default: {
      description: 'Any error, as problem+json',
      content: { 'application/problem+json': { schema: problemSchema } },
    },
  };
  const answer = spec.answer;
  const success: Record<number, { description: string; content?: Record<string, { schema: z.ZodType }> }> = {
    [answer === null ? 204 : (spec.status ?? 200)]: {
      description: spec.summary,
      ...(answer === null ? {} : { content: { [spec.contentType ?? 'application/json']: { schema: answer } } }),
    },
  };
  return createRoute({
    method: spec.method,
    path: spec.path,
    operationId: spec.operationId,
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    security: mode === 'public' ? [] : [{ bearer: [] }],
    request: {
      ...(spec.params === undefined ? {} : { params: spec.params as z.ZodObject }),
      ...(spec.query === undefined ? {} : { query: spec.query as z.ZodObject }),
      ...(spec.body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: spec.body } } } }),
    },
    responses: { ...success, ...errors },
    ...(mode === 'public' || spec.permission === 'signed-in' ? {} : { 'x-permission': spec.permission }),
  });
}
