import { ApiProblem } from '../../../sdk/problem.ts';
import { type CampaignDraft, type Problems, usesPost } from './campaign-draft.ts';

/** What of a draft cannot be stored, by the API's names; empty when all is well. */
export function problemsOf(draft: CampaignDraft): Problems {
  const problems: Record<string, string> = {};
  const need = (field: string, value: string, message: string) => {
    if (value.trim() === '') problems[field] = message;
  };
  const number = (field: string, text: string, [low, high]: readonly [number, number], isWhole = true) => {
    const value = Number(text);
    if (
      text.trim() === '' ||
      !Number.isFinite(value) ||
      value < low ||
      value > high ||
      (isWhole && !Number.isInteger(value))
    ) {
      problems[field] = `Give a ${isWhole ? 'whole ' : ''}number from ${low} to ${high.toLocaleString('en-US')}.`;
    }
  };
  need('name', draft.name, 'Give it a name: lists and reports show it.');
  number('audience.min_score', draft.minScore, [0, 100], false);
  draft.steps.forEach((step, index) => {
    need(`steps.${index}.template`, step.template, 'Choose what is sent.');
    if (index > 0) number(`steps.${index}.wait_days`, step.waitDays, [0, 365], false);
    variantProblems(step.variants, index, problems, number);
  });
  if (draft.steps.length === 0) problems['steps'] = 'Add a step: a campaign sends something.';
  need('sender.name', draft.senderName, 'Recipients see this name.');
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(draft.senderEmail.trim())) {
    problems['sender.email'] = 'Give an e-mail address, such as deals@example.com.';
  }
  if (draft.postalAddress.trim().length < 10) {
    problems['postal_address'] = 'Give a whole postal address: the law asks for one in each message.';
  }
  if (draft.hasWindow) {
    if (draft.days.length === 0) problems['send_window.days'] = 'Choose a day at least.';
    number('send_window.start_hour', draft.startHour, [0, 23]);
    number('send_window.end_hour', draft.endHour, [1, 24]);
    if (Number(draft.startHour) >= Number(draft.endHour))
      problems['send_window.end_hour'] ??= 'Must be after the first hour.';
  }
  if (draft.perDomain.trim() !== '') number('throttle.per_domain_per_hour', draft.perDomain, [1, 100_000]);
  if (draft.hasWarmUp) {
    number('throttle.warm_up.start_per_day', draft.warmUpStart, [1, 100_000]);
    number('throttle.warm_up.growth', draft.warmUpGrowth, [1, 10], false);
  }
  number('max_per_run', draft.maxPerRun, [1, 100_000]);
  number('weekly_cap_per_recipient', draft.weeklyCap, [1, 1_000]);
  number('dedupe_days', draft.dedupeDays, [0, 365]);
  number('wait_days', draft.waitDays, [0.01, 365], false);
  if (usesPost(draft) && draft.returnLine1.trim() !== '') {
    need('sender.address.city', draft.returnCity, 'A return address needs its city.');
    if (!/^[A-Za-z]{2}$/.test(draft.returnState.trim())) problems['sender.address.state'] = 'Two letters, such as WA.';
    if (!/^\d{5}(-\d{4})?$/.test(draft.returnZip.trim()))
      problems['sender.address.zipCode'] = 'Five digits, or nine with a dash.';
  }
  if (draft.linkUrl.trim() !== '') {
    if (!/^https?:\/\/\S+$/.test(draft.linkUrl.trim()))
      problems['call_to_action.url'] = 'Give a whole address that begins with https://.';
    need('call_to_action.label', draft.linkLabel, 'The button needs words.');
  } else if (draft.linkLabel.trim() !== '') problems['call_to_action.url'] = 'Say where the button leads.';
  return problems;
}

function variantProblems(
  variants: CampaignDraft['steps'][number]['variants'],
  step: number,
  problems: Record<string, string>,
  number: (field: string, text: string, range: readonly [number, number], isWhole?: boolean) => void,
): void {
  const names = variants.map(({ name }) => name.trim());
  variants.forEach((variant, at) => {
    const field = `steps.${step}.variants.${at}`;
    if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(variant.name.trim())) {
      problems[`${field}.name`] = 'Small letters, digits and dashes, such as short-subject.';
    } else if (names.indexOf(variant.name.trim()) !== at) problems[`${field}.name`] = 'This name stands twice.';
    if (variant.template === '') problems[`${field}.template`] = 'Choose what is sent.';
    number(`${field}.weight`, variant.weight, [0.01, 1_000], false);
  });
  if (variants.length === 1) problems[`steps.${step}.variants`] = 'A test needs two variants at least, or none.';
}

/** What the API says is wrong with a campaign, by field; what names no field is under the empty name. */
export function refusalsOf(error: unknown): Problems {
  if (!(error instanceof ApiProblem)) return {};
  const problems: Record<string, string> = {};
  for (const { field, message } of error.errors) problems[field.replace(/^body\./, '')] ??= sentence(message);
  if (error.errors.length === 0) {
    // The desk names each place in a line of its own: "body:1: steps.0.template 'x' cannot be used: …".
    for (const line of error.message.split('\n')) {
      const found = /^body:\d+: ([a-z_]+(?:\.[a-z_\d]+)*) (.+)$/i.exec(line);
      if (found?.[1] && found[2]) problems[found[1].replace(/^(audience\.[a-z_]+)\.\d+$/, '$1')] ??= sentence(found[2]);
    }
  }
  if (Object.keys(problems).length === 0) problems[error.field ?? ''] = error.message;
  return problems;
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole.replace(/\.{2,}$/, '.') : `${whole}.`;
}

const NAMES: Readonly<Record<string, string>> = {
  name: 'Name',
  audience: 'Audience',
  'audience.min_score': 'Lowest score',
  'audience.counties': 'Counties',
  'audience.property_types': 'Types of property',
  'sender.name': 'Sender’s name',
  'sender.email': 'Sender’s e-mail address',
  'sender.reply_to': 'Answers go to',
  'sender.phone': 'Phone',
  'sender.address': 'Return address',
  postal_address: 'Postal address',
  call_to_action: 'Button',
  send_window: 'Hours',
  throttle: 'Pace',
  max_per_run: 'Messages in a day',
  weekly_cap_per_recipient: 'Messages to one person',
  dedupe_days: 'Days before a property is offered again',
  wait_days: 'Days to wait for answers',
  needs_approval: 'Approval',
};

/** What the form calls a field of the API: `steps.1.variants.0.name` is `Step 2, variant 1`. */
export function fieldName(field: string): string {
  const step = /^steps\.(\d+)(?:\.variants\.(\d+))?/.exec(field);
  if (step) return `Step ${Number(step[1]) + 1}${step[2] === undefined ? '' : `, variant ${Number(step[2]) + 1}`}`;
  const known = Object.keys(NAMES).filter((name) => field === name || field.startsWith(`${name}.`));
  const longest = known.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? field : (NAMES[longest] ?? field);
}
