import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CHANNEL_KINDS, normalisePhone, postalAddressSchema } from './contact.ts';
import type { SendWindow } from './send-window.ts';
import type { Throttle } from './throttle.ts';

/** Name of a template: lower-case letters, digits and dashes. */
const templateName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is no template name such as investor-email');

const variantSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'is no variant name such as short-subject'),
  template: templateName,
  weight: z.number().positive().max(1000).default(1),
});

const stepSchema = z.strictObject({
  channel: z.enum(CHANNEL_KINDS),
  template: templateName,
  wait_days: z.number().min(0).max(365).optional(),
  variants: z.array(variantSchema).max(10).default([]),
});

const hours = z
  .strictObject({
    days: z.array(z.number().int().min(1).max(7)).min(1),
    start_hour: z.number().int().min(0).max(23),
    end_hour: z.number().int().min(1).max(24),
  })
  .refine((window) => window.start_hour < window.end_hour, {
    message: 'must be after start_hour',
    path: ['end_hour'],
  });

/**
 * A campaign as its file says it. Audience: score (0–100), counties (slugs), property types, tags of contacts; an empty
 * list means any. Steps in order: the first leaves at once, each further one `wait_days` after the one before was sent.
 */
export const campaignSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    kind: z.enum(['investor', 'owner']),
    audience: z
      .strictObject({
        min_score: z.number().min(0).max(100).default(60),
        counties: z.array(z.string().min(1)).max(100).default([]),
        property_types: z.array(z.string().min(1)).max(50).default([]),
        contact_tags: z.array(z.string().min(1)).max(50).default([]),
        /** Tags of properties: one of them is enough. */
        tags: z.array(z.string().min(1)).max(50).optional(),
      })
      .default({ min_score: 60, counties: [], property_types: [], contact_tags: [] }),
    steps: z.array(stepSchema).min(1).max(12),
    needs_approval: z.boolean().default(true),
    send_window: hours.nullable().default({ days: [1, 2, 3, 4, 5], start_hour: 9, end_hour: 18 }),
    throttle: z
      .strictObject({
        per_domain_per_hour: z.number().int().min(1).max(100_000).nullable().default(null),
        warm_up: z
          .strictObject({ start_per_day: z.number().int().min(1).max(100_000), growth: z.number().min(1).max(10) })
          .nullable()
          .default(null),
      })
      .nullable()
      .default(null),
    max_per_run: z.number().int().min(1).max(100_000).default(100),
    weekly_cap_per_recipient: z.number().int().min(1).max(1000).default(10),
    dedupe_days: z.number().int().min(0).max(365).default(30),
    wait_days: z.number().positive().max(365).default(14),
    sender: z.strictObject({
      name: z.string().trim().min(1).max(100),
      email: z.email('is no e-mail address'),
      reply_to: z.email('is no e-mail address').optional(),
      phone: z
        .string()
        .refine((text) => normalisePhone(text) !== null, 'is no phone number')
        .optional(),
      /** Where returned post goes; the postal address when left out. */
      address: postalAddressSchema.optional(),
    }),
    postal_address: z
      .string()
      .trim()
      .min(10, 'must be a postal address: the law asks for one in each message')
      .max(300),
    call_to_action: z
      .strictObject({ label: z.string().trim().min(1).max(60), url: z.url({ protocol: /^https?$/ }) })
      .nullable()
      .default(null),
  })
  .superRefine(({ steps }, context) => {
    const problem = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: ['steps', ...path], message });
    steps.forEach((step, index) => {
      if (index === 0 && (step.wait_days ?? 0) > 0) {
        problem([0, 'wait_days'], 'is for follow-ups; the first step leaves as soon as it may. Remove it.');
      }
      if (index > 0 && step.wait_days === undefined) {
        problem([index, 'channel'], 'needs wait_days beside it: days after the step before, such as 4.');
      }
      const names = step.variants.map(({ name }) => name);
      if (step.variants.length === 1) problem([index, 'variants'], 'needs two at least, or none.');
      if (new Set(names).size < names.length) problem([index, 'variants'], 'uses a name twice.');
    });
  });

export type CampaignDefinition = z.infer<typeof campaignSchema>;
export type CampaignStatus = 'draft' | 'active' | 'paused' | 'ended';

/** The send window as the gate reads it; null means always. */
export function sendWindowOf({ send_window: window }: CampaignDefinition): SendWindow | null {
  return window === null ? null : { days: window.days, startHour: window.start_hour, endHour: window.end_hour };
}

/** The throttle as the gate reads it; null means none. */
export function throttleOf({ throttle }: CampaignDefinition): Throttle | null {
  if (throttle === null) return null;
  const { per_domain_per_hour: perDomainPerHour, warm_up: warmUp } = throttle;
  return {
    perDomainPerHour,
    warmUp: warmUp === null ? null : { startPerDay: warmUp.start_per_day, growth: warmUp.growth },
  };
}

/** Every template that the campaign names, with the place where it does. */
export function templatesOf({ steps }: CampaignDefinition): { channel: string; template: string; path: string }[] {
  return steps.flatMap((step, index) => [
    { channel: step.channel, template: step.template, path: `steps.${index}.template` },
    ...step.variants.map((variant, at) => ({
      channel: step.channel,
      template: variant.template,
      path: `steps.${index}.variants.${at}.template`,
    })),
  ]);
}

/**
 * Fingerprint (SHA-256, hex) of what a person approves: who is written to, what, by whom. Pace (caps, window, throttle)
 * may change without a new approval. The order of lists that mean sets does not count.
 */
export function contentFingerprint(definition: CampaignDefinition): string {
  const { kind, audience, steps, sender, postal_address, call_to_action } = definition;
  const sorted = (words: readonly string[]) => [...new Set(words.map((word) => word.toLowerCase()))].sort();
  const content = [
    kind,
    audience.min_score,
    sorted(audience.counties),
    sorted(audience.property_types),
    sorted(audience.contact_tags),
    // Left out when empty, so that approvals given before there were tags hold.
    ...((audience.tags ?? []).length === 0 ? [] : [{ tags: sorted(audience.tags ?? []) }]),
    steps.map(({ channel, template, wait_days, variants }) => [
      channel,
      template,
      wait_days ?? 0,
      variants.map(({ name, template: other, weight }) => [name, other, weight]),
    ]),
    [sender.name, sender.email, sender.reply_to ?? null, sender.phone ?? null, sender.address ?? null],
    postal_address,
    call_to_action === null ? null : [call_to_action.label, call_to_action.url],
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
