import { createRoute, type z } from '@hono/zod-openapi';
import { changes, type Endpoint } from './endpoint.ts';
import { refusalsOf, successHeaders } from './route-refusals.ts';

/** The route as the OpenAPI document has it. */
export function routeOf(one: Endpoint) {
  const { mode, spec } = one;
  const isTagged = spec.method === 'get' && spec.contentType === undefined;
  const content = spec.answer && { [spec.contentType ?? 'application/json']: { schema: spec.answer as z.ZodType } };
  return createRoute({
    method: spec.method,
    path: spec.path,
    operationId: spec.operationId,
    tags: [spec.tag],
    summary: spec.summary,
    description: [spec.description, whoMay(one)].filter((text) => text !== undefined).join('\n\n'),
    security: mode === 'public' ? [] : [{ bearer: [] }],
    parameters: [
      ...(changes(spec) ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
      ...(isTagged ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : []),
    ],
    request: {
      ...(spec.params === undefined ? {} : { params: spec.params as z.ZodObject }),
      ...(spec.query === undefined ? {} : { query: spec.query as z.ZodObject }),
      ...(spec.body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: spec.body } } } }),
      ...(spec.takesFile === true
        ? { body: { required: true, content: { 'application/octet-stream': { schema: FILE } } } }
        : {}),
    },
    responses: {
      [content === null ? 204 : (spec.status ?? 200)]: {
        description: spec.summary,
        headers: successHeaders(one),
        ...(content === null ? {} : { content }),
      },
      ...(isTagged ? { 304: { $ref: '#/components/responses/NotModified' } } : {}),
      ...refusalsOf(one),
      default: { $ref: '#/components/responses/AnyProblem' },
    },
    ...(mode === 'public' || spec.permission === 'signed-in' ? {} : { 'x-permission': spec.permission }),
  });
}

/** Who may ask, as a sentence. */
function whoMay({ mode, spec }: Endpoint): string {
  if (mode === 'public') return 'Asks for no credential.';
  return spec.permission === 'signed-in'
    ? 'Anybody who is signed in, and any key, may ask.'
    : `Takes the permission \`${spec.permission}\`.`;
}

const FILE = { type: 'string', format: 'binary' } as const;
