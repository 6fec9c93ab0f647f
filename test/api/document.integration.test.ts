import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../scripts/openapi-document.ts';
import { createApi } from '../../src/api/server.ts';
import { apiDeps } from './setup.ts';

interface Operation {
  operationId: string;
  tags: string[];
  summary?: string;
  description?: string;
  parameters?: { $ref?: string; name?: string; description?: string; schema?: { type?: unknown } }[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { $ref?: string; headers?: object }>;
  'x-permission'?: string;
}

const document = openApiDocument() as unknown as {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
  tags: { name: string; description: string }[];
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ name: `${method} ${path}`, method, path, one })),
);
const own = operations.filter(({ one }) => !one.tags.includes('Health'));

describe('the OpenAPI document', () => {
  it('says of every operation what it does and under which name a client has it', () => {
    const thin = operations.filter(
      ({ one }) => !one.summary || !one.description || !/^[a-z]\w+$/.test(one.operationId),
    );
    expect(thin.map(({ name }) => name)).toEqual([]);
    const ids = operations.map(({ one }) => one.operationId);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('describes every parameter, and none may be null', () => {
    const thin = operations.flatMap(({ name, one }) =>
      (one.parameters ?? [])
        .filter(({ $ref, description, schema }) => $ref === undefined && (!description || Array.isArray(schema?.type)))
        .map((parameter) => `${name}: ${parameter.name}`),
    );
    expect(thin).toEqual([]);
  });

  it('describes every heading', () => {
    const used = [...new Set(operations.flatMap(({ one }) => one.tags))].sort();
    expect(document.tags.map(({ name }) => name)).toEqual(used);
    expect(document.tags.filter(({ name, description }) => description === name)).toEqual([]);
  });

  it('refers to nothing that is not there', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^/"]+)\/([^"]+)"/g)];
    expect(refs.length).toBeGreaterThan(1_000);
    const missing = refs.filter(([, kind = '', name = '']) => document.components[kind]?.[name] === undefined);
    expect(missing.map(([ref]) => ref)).toEqual([]);
  });

  it('names the errors that follow from what a route takes and who may ask', () => {
    for (const { name, method, path, one } of own) {
      const can = Object.keys(one.responses);
      expect(can, name).toEqual(expect.arrayContaining(['429', '503', 'default']));
      if (path.includes('{')) expect(can, name).toEqual(expect.arrayContaining(['400', '404']));
      if (one['x-permission'] !== undefined) expect(can, name).toEqual(expect.arrayContaining(['401', '403']));
      if (one.requestBody !== undefined) expect(can, name).toEqual(expect.arrayContaining(['400', '413', '415']));
      const isKeyed = one.parameters?.some(({ $ref }) => $ref?.endsWith('/IdempotencyKey')) === true;
      expect(isKeyed, name).toBe(can.includes('422'));
      if (method === 'put' || method === 'patch' || method === 'delete') expect(isKeyed, name).toBe(true);
    }
    const of = (id: string) => Object.keys(own.find(({ one }) => one.operationId === id)!.one.responses);
    expect(of('login')).toContain('401');
    expect(of('intakeProperties')).toContain('402');
    expect(of('listContacts')).toEqual(expect.arrayContaining(['200', '304']));
  });

  it('is kept by whoever asks, and a body of another kind is refused by its name', async () => {
    const app = createApi(apiDeps());
    const first = await app.request('/openapi.json');
    expect(await first.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Real Estate OS' } });
    const again = await app.request('/openapi.json', { headers: { 'If-None-Match': first.headers.get('ETag') ?? '' } });
    expect(again.status).toBe(304);
    const wrong = await app.request('/api/v1/auth/login', {
      method: 'POST',
      body: 'email=ann@example.com',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(wrong.status).toBe(415);
    expect(await wrong.json()).toMatchObject({
      code: 'unsupported_media_type',
      detail: expect.stringContaining('application/json'),
    });
  });
});
