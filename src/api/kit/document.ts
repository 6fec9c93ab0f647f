import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from '../problem.ts';
import { GLOSSARY, PARAMETERS, TAGS } from './glossary.ts';
import { DOCUMENT } from './openapi.ts';
import { HEADERS, refusalComponents } from './route-refusals.ts';
import { problemSchema } from './schemas.ts';

type Json = { [name: string]: unknown };

/** What the parts of routes refer to: problems, headers, and the headers that requests may have. */
export function registerComponents({ openAPIRegistry: registry }: OpenAPIHono<ApiEnv>): void {
  registry.register('Problem', problemSchema);
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token (POST /api/v1/auth/login) or an API key (POST /api/v1/api-keys)',
  });
  for (const [name, header] of Object.entries(HEADERS)) registry.registerComponent('headers', name, header);
  for (const { name, response } of refusalComponents()) registry.registerComponent('responses', name, response);
  registry.registerComponent('responses', 'NotModified', { description: 'It is still the answer of that `ETag`' });
  registry.registerComponent('parameters', 'IdempotencyKey', {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes the write safe to repeat for a day: the same request with this key gets the same answer and is done once',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
    example: '5f0c1b9e-2d0f-4c39-8f5e-6f1d7e0a9b42',
  });
  registry.registerComponent('parameters', 'IfNoneMatch', {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of an earlier answer: 304 when it is still the same',
    schema: { type: 'string' },
  });
}

/**
 * The OpenAPI document of the app's routes. What a parameter or field is called means the same everywhere, so one that
 * its route says nothing about is described from the glossary.
 */
export function documentOf(app: OpenAPIHono<ApiEnv>) {
  const document = app.getOpenAPI31Document(DOCUMENT);
  const used = new Set<string>();
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path as Json) as Json[]) {
      for (const tag of operation['tags'] as string[]) used.add(tag);
      for (const parameter of (operation['parameters'] ?? []) as Json[]) describeParameter(parameter);
      describeFields(operation['requestBody']);
      describeFields(operation['responses']);
    }
  }
  describeFields(document.components?.schemas);
  const tags = [...used].sort().map((name) => ({ name, description: TAGS[name] ?? name }));
  return { ...document, tags };
}

function describeParameter(parameter: Json): void {
  const name = String(parameter['name']);
  const entry = PARAMETERS[name] ?? GLOSSARY[name];
  if (entry === undefined || '$ref' in parameter) return;
  parameter['description'] ??= entry.description;
  const schema = (parameter['schema'] ?? {}) as Json;
  if (entry.example !== undefined && isPlain(schema)) parameter['example'] ??= entry.example;
}

/** Walks through schemas; an object's properties are described by their names. */
function describeFields(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const { properties } = node as { properties?: Record<string, Json> };
  if (properties !== undefined && !('$ref' in node)) {
    for (const [name, field] of Object.entries(properties)) {
      const entry = GLOSSARY[name];
      if (entry === undefined || '$ref' in field) continue;
      field['description'] ??= entry.description;
      if (entry.example !== undefined && isPlain(field)) field['examples'] ??= [entry.example];
    }
  }
  for (const part of Object.values(node)) describeFields(part);
}

/** Whether an example of the glossary can be one of the schema's: nothing but a type bounds it. */
function isPlain(schema: Json): boolean {
  return schema['enum'] === undefined && schema['example'] === undefined && schema['const'] === undefined;
}
