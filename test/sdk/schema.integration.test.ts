import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CLIENT_SCHEMA, clientSchemaText } from '../../scripts/client-codegen.ts';

it('src/sdk/schema.ts are the types of the routes as they are (else: npm run api:client)', async () => {
  expect(readFileSync(CLIENT_SCHEMA, 'utf8') === (await clientSchemaText())).toBe(true);
});
