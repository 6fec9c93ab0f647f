import type { components } from '../../../sdk/client.ts';

type Schemas = components['schemas'];
export type NewCampaign = Schemas['NewCampaign'];
type Definition = Schemas['CampaignDefinition'];

/** One step as it stands in the form: what is typed stays as it was typed. */
export interface DraftStep {
  key: string;
  channel: string;
  template: string;
  waitDays: string;
  variants: Array<{ key: string; name: string; template: string; weight: string }>;
}

/** A campaign while it is built; every number as its text. */
export interface CampaignDraft {
  name: string;
  kind: 'investor' | 'owner';
  minScore: string;
  counties: string[];
  propertyTypes: string;
  contactTags: string;
  tags: string;
  steps: DraftStep[];
  needsApproval: boolean;
  hasWindow: boolean;
  days: number[];
  startHour: string;
  endHour: string;
  perDomain: string;
  hasWarmUp: boolean;
  warmUpStart: string;
  warmUpGrowth: string;
  maxPerRun: string;
  weeklyCap: string;
  dedupeDays: string;
  waitDays: string;
  senderName: string;
  senderEmail: string;
  replyTo: string;
  phone: string;
  postalAddress: string;
  returnLine1: string;
  returnLine2: string;
  returnCity: string;
  returnState: string;
  returnZip: string;
  linkLabel: string;
  linkUrl: string;
}

/** What is wrong, by the name the API has for the field: `steps.1.wait_days`. */
export type Problems = Readonly<Record<string, string>>;

/** The template that a step begins with, by audience and channel. */
export function usualTemplate(kind: 'investor' | 'owner', channel: string, isFollowUp: boolean): string {
  if (channel === 'sms') return kind === 'owner' ? 'owner-sms' : '';
  if (channel === 'mail') return kind === 'owner' ? 'owner-letter' : '';
  return `${kind}-${isFollowUp ? 'follow-up' : 'email'}`;
}

/** A step with nothing chosen but its channel. */
export function newStep(kind: 'investor' | 'owner', channel: string, isFollowUp: boolean, key: string): DraftStep {
  return {
    key,
    channel,
    template: usualTemplate(kind, channel, isFollowUp),
    waitDays: isFollowUp ? '4' : '',
    variants: [],
  };
}

/** What the builder begins with: investors, one e-mail, office hours. */
export function emptyDraft(): CampaignDraft {
  return {
    name: '',
    kind: 'investor',
    minScore: '60',
    counties: [],
    propertyTypes: '',
    contactTags: '',
    tags: '',
    steps: [newStep('investor', 'email', false, 'first')],
    needsApproval: true,
    hasWindow: true,
    days: [1, 2, 3, 4, 5],
    startHour: '9',
    endHour: '18',
    perDomain: '',
    hasWarmUp: false,
    warmUpStart: '20',
    warmUpGrowth: '1.5',
    maxPerRun: '100',
    weeklyCap: '10',
    dedupeDays: '30',
    waitDays: '14',
    senderName: '',
    senderEmail: '',
    replyTo: '',
    phone: '',
    postalAddress: '',
    returnLine1: '',
    returnLine2: '',
    returnCity: '',
    returnState: '',
    returnZip: '',
    linkLabel: '',
    linkUrl: '',
  };
}

/** A stored campaign in the form. */
export function draftOf(name: string, definition: Definition): CampaignDraft {
  const { audience, steps, send_window: window, throttle, sender, call_to_action: link } = definition;
  const address = (sender.address ?? {}) as Record<string, string | null | undefined>;
  return {
    ...emptyDraft(),
    name,
    kind: definition.kind,
    minScore: String(audience.min_score),
    counties: [...audience.counties],
    propertyTypes: audience.property_types.join(', '),
    contactTags: audience.contact_tags.join(', '),
    tags: (audience.tags ?? []).join(', '),
    steps: steps.map((step, index) => ({
      key: `step-${index}`,
      channel: step.channel,
      template: step.template,
      waitDays: step.wait_days === undefined ? '' : String(step.wait_days),
      variants: step.variants.map((variant, at) => ({
        key: `variant-${index}-${at}`,
        name: variant.name,
        template: variant.template,
        weight: String(variant.weight),
      })),
    })),
    needsApproval: definition.needs_approval,
    hasWindow: window !== null,
    ...(window === null
      ? {}
      : { days: [...window.days], startHour: String(window.start_hour), endHour: String(window.end_hour) }),
    perDomain: String(throttle?.per_domain_per_hour ?? ''),
    hasWarmUp: throttle?.warm_up != null,
    ...(throttle?.warm_up == null
      ? {}
      : { warmUpStart: String(throttle.warm_up.start_per_day), warmUpGrowth: String(throttle.warm_up.growth) }),
    maxPerRun: String(definition.max_per_run),
    weeklyCap: String(definition.weekly_cap_per_recipient),
    dedupeDays: String(definition.dedupe_days),
    waitDays: String(definition.wait_days),
    senderName: sender.name,
    senderEmail: sender.email,
    replyTo: sender.reply_to ?? '',
    phone: sender.phone ?? '',
    postalAddress: definition.postal_address,
    returnLine1: address['line1'] ?? '',
    returnLine2: address['line2'] ?? '',
    returnCity: address['city'] ?? '',
    returnState: address['state'] ?? '',
    returnZip: address['zipCode'] ?? '',
    linkLabel: link?.label ?? '',
    linkUrl: link?.url ?? '',
  };
}

/** The words of a list that is typed with commas, each once. */
export function words(text: string): string[] {
  return [...new Set(text.split(/[,;\n]/).map((word) => word.trim()))].filter((word) => word !== '');
}

/** The body of the request that stores the draft. Call it when `problemsOf` finds nothing. */
export function bodyOf(draft: CampaignDraft): NewCampaign {
  const perDomain = draft.perDomain.trim() === '' ? null : Number(draft.perDomain);
  const warmUp = draft.hasWarmUp
    ? { start_per_day: Number(draft.warmUpStart), growth: Number(draft.warmUpGrowth) }
    : null;
  const text = (value: string) => (value.trim() === '' ? undefined : value.trim());
  const tags = words(draft.tags);
  const hasReturn = usesPost(draft) && draft.returnLine1.trim() !== '';
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    audience: {
      min_score: Number(draft.minScore),
      counties: draft.counties,
      property_types: words(draft.propertyTypes),
      contact_tags: words(draft.contactTags),
      ...(tags.length > 0 && { tags }),
    },
    steps: draft.steps.map(({ channel, template, waitDays, variants }, index) => ({
      channel: channel as 'email' | 'sms' | 'mail',
      template,
      ...(index > 0 && { wait_days: Number(waitDays) }),
      variants: variants.map((variant) => ({
        name: variant.name.trim(),
        template: variant.template,
        weight: Number(variant.weight),
      })),
    })),
    needs_approval: draft.needsApproval,
    send_window: draft.hasWindow
      ? {
          days: [...draft.days].sort((a, b) => a - b),
          start_hour: Number(draft.startHour),
          end_hour: Number(draft.endHour),
        }
      : null,
    throttle: perDomain === null && warmUp === null ? null : { per_domain_per_hour: perDomain, warm_up: warmUp },
    max_per_run: Number(draft.maxPerRun),
    weekly_cap_per_recipient: Number(draft.weeklyCap),
    dedupe_days: Number(draft.dedupeDays),
    wait_days: Number(draft.waitDays),
    sender: {
      name: draft.senderName.trim(),
      email: draft.senderEmail.trim(),
      ...(text(draft.replyTo) && { reply_to: draft.replyTo.trim() }),
      ...(text(draft.phone) && { phone: draft.phone.trim() }),
      ...(hasReturn && {
        address: {
          line1: draft.returnLine1.trim(),
          line2: text(draft.returnLine2) ?? null,
          city: draft.returnCity.trim(),
          state: draft.returnState.trim(),
          zipCode: draft.returnZip.trim(),
        },
      }),
    },
    postal_address: draft.postalAddress.trim(),
    call_to_action: text(draft.linkUrl) ? { label: draft.linkLabel.trim(), url: draft.linkUrl.trim() } : null,
  };
}

/** Whether some step is posted on paper. */
export function usesPost(draft: Pick<CampaignDraft, 'steps'>): boolean {
  return draft.steps.some(({ channel }) => channel === 'mail');
}
