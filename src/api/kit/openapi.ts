import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { z } from 'zod';
import { asSentence, joinProblems } from '../../domain/errors.ts';
import { findUnplainText } from '../../domain/plain-text.ts';
import { type ApiEnv, problem } from '../problem.ts';
import { wordsOfIssue } from './input-words.ts';

/** An app whose routes say by their schemas what they take; what does not fit is one 400 that names every field. */
export function createOpenApiApp(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c: Context<ApiEnv>) => {
      if (result.success) return undefined;
      const errors = (result.error as z.ZodError).issues.map((issue) => ({
        field: [PLACES[result.target] ?? result.target, ...issue.path.map(String)].join('.'),
        message: wordsOfIssue(issue),
      }));
      const first = errors[0];
      const detail = joinProblems(errors.map(({ field, message }) => `${field}: ${message}`));
      return problem(c, 'validation', detail, {
        errors,
        ...(first === undefined ? {} : { field: first.field.replace(/^[a-z]+\./, '') }),
      });
    },
  });
}

/** The refusal of input with text that nothing can store; undefined when all of it is good. */
export function refuseUnplainText(
  c: Context<ApiEnv>,
  input: { params: unknown; query: unknown; body: unknown },
): Response | undefined {
  const found = findUnplainText({ path: input.params, query: input.query, body: input.body });
  if (found === null) return undefined;
  return problem(c, 'validation', asSentence(`${found.field}: ${found.message}`), {
    errors: [found],
    field: found.field.replace(/^[a-z]+\./, ''),
  });
}

const PLACES: Readonly<Record<string, string>> = { param: 'path', json: 'body', query: 'query', form: 'body' };

/** The document's head. */
export const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'Real Estate OS',
    version: '1',
    description:
      'From public records and listings to investor memos and outreach. Send `Authorization: Bearer` with an access token (POST /api/v1/auth/login) or an API key. Errors are problem+json (RFC 9457). Lists have cursors. Writes take an `Idempotency-Key`.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
} as const;
