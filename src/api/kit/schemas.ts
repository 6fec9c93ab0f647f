import { z } from '@hono/zod-openapi';

/** Any uuid. Ids of properties and sends are version 5, all others version 4. */
export const id = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'must be a uuid')
  .transform((text) => text.toLowerCase())
  .openapi({ format: 'uuid' });

/** Path parameters of a route about one thing. */
export const idParams = z.object({ id: id.openapi({ param: { name: 'id', in: 'path' } }) });

/** A time in an answer: a Date or text goes in, ISO 8601 in UTC comes out. */
export const instant = z
  .preprocess((value) => (value instanceof Date ? value.toISOString() : value), z.string())
  .openapi({ format: 'date-time' });

/** A time in a request. */
export const instantInput = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .openapi({ format: 'date-time' });

/** A calendar day, such as 2026-01-31. */
export const day = z.iso.date();

/** Whole cents go in, dollars come out. */
export const dollars = z
  .preprocess((value) => (typeof value === 'number' ? value / 100 : value), z.number())
  .openapi({ description: 'US dollars' });

/** Micros (1e-6 USD) go in, dollars come out. */
export const costDollars = z
  .preprocess((value) => (typeof value === 'number' ? value / 1e6 : value), z.number())
  .openapi({ description: 'US dollars' });

/** A number in a query. */
export const numberQuery = (min = -1e15, max = 1e15) => z.coerce.number().min(min).max(max).openapi({ type: 'number' });
/** A whole number in a query. */
export const wholeQuery = (min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).openapi({ type: 'integer' });
/** `true` or `false` in a query. */
export const booleanQuery = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .openapi({ type: 'boolean' });
/** Text in a query or body: Postgres knows no NUL, and lone surrogates are no text. */
export const text = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !value.includes('\u0000') && !/\p{Cs}/u.test(value), 'must be text without NUL');

/** Query of the operational lists: `limit` and `offset`. */
export const offsetQuery = {
  limit: wholeQuery(1, 200).default(50).openapi({ description: 'How many at most' }),
  offset: wholeQuery(0, 1_000_000).default(0).openapi({ description: 'How many are left out before them' }),
};

/** Every error. RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ description: '`about:blank`: the code says it' }),
    title: z.string().openapi({ description: 'The status in words' }),
    status: z.number().int().openapi({ description: 'As the answer has it' }),
    detail: z.string().openapi({ description: 'A sentence for the person: what happened and what to do' }),
    code: z.string().openapi({ description: 'For the program, such as `validation`, `not_found` or `rate_limited`' }),
    request_id: z.string().openapi({ description: 'Names the request in the log' }),
    field: z
      .string()
      .optional()
      .openapi({ description: 'The field that is wrong; the first, where there are several' }),
    errors: z
      .array(
        z.object({
          field: z
            .string()
            .openapi({ description: 'Where it is, such as `query.min_price` or `body.steps.0.channel`' }),
          message: z.string().openapi({ description: 'What is wrong with it' }),
        }),
      )
      .optional()
      .openapi({ description: 'Every field that is wrong' }),
    plan: z.string().nullish().openapi({ description: 'Of a limit that was met (402, 429): whose it is' }),
    meter: z.string().optional().openapi({ description: 'What is counted' }),
    limit: z.number().optional().openapi({ description: 'The bound that was met' }),
    used: z.number().optional().openapi({ description: 'What is used of it' }),
    asked: z.number().optional().openapi({ description: 'How much this request wanted' }),
    resets_at: z.string().nullish().openapi({ description: 'When it is whole again; null: not by itself' }),
  })
  .openapi('Problem');
