import { z } from '@hono/zod-openapi';
import { costDollars, day, id, instant } from '../kit/schemas.ts';
import { budget } from './budgets.ts';

const metrics = z
  .record(z.string(), z.number().nullable())
  .openapi({ description: 'By name; shares from 0 to 1, null where nothing was sent; money in dollars' });

/** How a campaign goes: figures by name, step, variant and day, and what holds messages. */
export const campaignMetrics = z
  .object({
    metrics,
    by_step: z.array(
      z.object({ step: z.number().int(), channel: z.string(), variant: z.string().nullable(), metrics }),
    ),
    definitions: z.array(z.object({ name: z.string(), unit: z.string(), meaning: z.string() })),
    messages: z
      .object({
        total: z.int(),
        sent: z.int(),
        held: z.int(),
        errors: z.int(),
        unknown: z.int(),
        waiting: z.int().openapi({ description: 'On their way' }),
      })
      .openapi({ description: 'Where the planned messages stand now' }),
    holds: z
      .array(
        z.object({
          channel: z.string(),
          reason: z.string(),
          messages: z.int(),
          until: instant.nullable().openapi({ description: 'Null: no time; a person decides' }),
        }),
      )
      .openapi({ description: 'Why planned messages wait, the most first' }),
    next_send_at: instant
      .nullable()
      .openapi({ description: 'When the next planned message may leave; null: none has a time' }),
    by_day: z
      .array(
        z.object({
          day,
          sent: z.int(),
          delivered: z.int(),
          opened: z.int(),
          clicked: z.int(),
          answered: z.int(),
        }),
      )
      .openapi({ description: 'What became of messages by the day they left (UTC); the last 90 days with any' }),
    tests: z
      .array(
        z.object({
          step: z.int(),
          goal: z.enum(['answers', 'clicks']),
          variant: z.string(),
          against: z.string(),
          p_value: z.number(),
          conclusion: z.string(),
        }),
      )
      .openapi({ description: 'Variants of a step held against each other, over recipients' }),
  })
  .openapi('CampaignMetrics');

/** A dry run of a campaign. */
export const campaignPreview = z
  .object({
    would_run: z.boolean(),
    not_yet: z.string().nullable().openapi({ description: 'Why a run would do nothing now' }),
    audience: z.number().int().openapi({ description: 'Properties that the campaign is about' }),
    messages: z.number().int(),
    passed_over: z.record(z.string(), z.number().int()),
    first: z.array(
      z.object({ contact: z.string(), property_id: id, property: z.string(), score: z.number().nullable() }),
    ),
    budgets: z
      .array(budget)
      .openapi({ description: 'Those that cover the providers of steps that cost something; none: nothing is bought' }),
    steps: z.array(
      z.object({
        step: z.number().int(),
        variant: z.string().nullable(),
        channel: z.string(),
        provider: z.string(),
        messages: z.number().int(),
        cost_each: costDollars.nullable(),
        problem: z.string().nullable(),
        parts: z
          .record(z.string(), z.string())
          .nullable()
          .openapi({ description: 'The message as the first recipient would see it' }),
      }),
    ),
  })
  .openapi('CampaignPreview');
