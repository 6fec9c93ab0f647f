import { expect, it } from 'vitest';
import { z } from 'zod';
import { wordsOfIssue } from '../../../src/api/kit/input-words.ts';

const query = z.object({ q: z.string(), limit: z.coerce.number().max(200).default(50) });
const body = z.strictObject({
  name: z.string(),
  kind: z.enum(['owner', 'investor']),
  tags: z.array(z.string()).optional(),
  seen: z.boolean().optional(),
});

it.each([
  ['a parameter that is left out', query, {}, ['q: is missing']],
  ['a number that is none', query, { q: 'a', limit: 'many' }, ['limit: must be a number']],
  [
    'another kind of value',
    body,
    { name: 3, kind: 'owner', tags: 'a' },
    ['name: must be text', 'tags: must be a list'],
  ],
  ['a word that is not among the known', body, { name: 'a', kind: 'seller' }, ['kind: must be "owner" or "investor"']],
  ['a field that is not known', body, { name: 'a', kind: 'owner', colour: 1 }, [': takes no field "colour"']],
  ['a truth that is none', body, { name: 'a', kind: 'owner', seen: 'yes' }, ['seen: must be true or false']],
  [
    'what has words of its own',
    z.object({ at: z.string().regex(/^x/, 'must begin with x') }),
    { at: 'y' },
    ['at: must begin with x'],
  ],
])('%s is told in words that a person reads', (_, schema: z.ZodType, value, expected) => {
  const { error } = schema.safeParse(value);
  expect(error?.issues.map((issue) => `${issue.path.join('.')}: ${wordsOfIssue(issue)}`)).toEqual(expected);
});
