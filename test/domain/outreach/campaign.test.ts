import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCampaign } from '../../../src/activities/outreach/campaign-file.ts';
import type { Template } from '../../../src/activities/outreach/template-compile.ts';
import { parseYaml } from '../../../src/config/yaml-file.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { type CampaignDefinition, campaignSchema, contentFingerprint } from '../../../src/domain/outreach/campaign.ts';
import { nextStep } from '../../../src/domain/outreach/sequence.ts';

const SAMPLE = readFileSync('config/campaigns/example-investor.yaml', 'utf8');
const deps = {
  templates: {
    find: async (_tenant: string, _kinds: readonly string[], name: string): Promise<Template> => {
      if (name === 'gone') throw new ReosError('template', `There is no e-mail template '${name}'.`);
      return {} as Template;
    },
  },
  counties: {
    find: (slug: string) => {
      if (slug !== 'king-wa') throw new ReosError('not_found', `There is no county '${slug}'. Known: king-wa.`);
      return { fips: '53033' } as never;
    },
  },
};
const read = (text: string) => readCampaign(deps, 'tenant', 'campaign.yaml', text);
const definition = (): CampaignDefinition => {
  const parsed = parseYaml(campaignSchema, 'campaign.yaml', SAMPLE);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

describe('a campaign’s file', () => {
  it('is read with its counties; the bundled sample is one', async () => {
    const { definition: read1, countyFips } = await read(SAMPLE);
    expect(countyFips).toEqual(['53033']);
    expect(read1.steps.map(({ wait_days }) => wait_days)).toEqual([undefined, 4]);
  });

  it('has the usual limits where it says nothing', () => {
    const least = campaignSchema.parse({
      name: 'Least',
      kind: 'investor',
      steps: [{ channel: 'email', template: 'investor-email' }],
      sender: { name: 'A', email: 'a@example.com' },
      postal_address: '1 Example Way, Seattle WA 98101',
    });
    expect(least).toMatchObject({
      audience: { min_score: 60, counties: [] },
      needs_approval: true,
      max_per_run: 100,
      weekly_cap_per_recipient: 10,
      dedupe_days: 30,
    });
  });

  it.each([
    [
      'an unknown key, with the right one',
      SAMPLE.replace('dedupe_days', 'dedup_days'),
      /:\d+: dedup_days .*Did you mean "dedupe_days"/,
    ],
    [
      'a template that is not there, with its line',
      SAMPLE.replace(/template: investor-follow-up\n {4}wait/, 'template: gone\n    wait'),
      /:19: steps\.1\.template 'gone' cannot be used/,
    ],
    [
      'a county that is not there',
      SAMPLE.replace('king-wa', 'atlantis'),
      /audience\.counties\.0 There is no county 'atlantis'/,
    ],
    ['a follow-up without its wait', SAMPLE.replace(/ {4}wait_days.*\n/, ''), /steps\.1\.channel needs wait_days/],
    [
      'hours that end before they start',
      SAMPLE.replace('end_hour: 17', 'end_hour: 8'),
      /end_hour must be after start_hour/,
    ],
    [
      'a sender without an address',
      SAMPLE.replace('email: deals@example.com', 'email: deals'),
      /sender\.email is no e-mail address/,
    ],
    [
      'a single variant',
      SAMPLE.replace('wait_days: 4', 'wait_days: 4\n    variants: [{ name: a, template: investor-email }]'),
      /steps\.1\.variants needs two at least/,
    ],
  ])('refuses %s', async (_what, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toMatchObject({ code: 'validation' });
  });
});

describe('the fingerprint of what is approved', () => {
  it.each<[string, (d: CampaignDefinition) => void]>([
    ['a step’s template', (d) => Object.assign(d.steps[0]!, { template: 'other' })],
    ['a further step', (d) => d.steps.push({ channel: 'sms', template: 'text', wait_days: 2, variants: [] })],
    ['a wait', (d) => Object.assign(d.steps[1]!, { wait_days: 1 })],
    ['the score', (d) => Object.assign(d.audience, { min_score: 10 })],
    ['a county', (d) => d.audience.counties.push('clark-nv')],
    ['the sender', (d) => Object.assign(d.sender, { email: 'other@example.com' })],
    ['the postal address', (d) => Object.assign(d, { postal_address: '2 Other Street, Seattle' })],
    ['the call to action', (d) => Object.assign(d, { call_to_action: { label: 'Go', url: 'https://example.com/' } })],
  ])('changes with %s', (_what, change) => {
    const changed = definition();
    change(changed);
    expect(contentFingerprint(changed)).not.toBe(contentFingerprint(definition()));
  });

  it('stays with the pace and with the order of a set', () => {
    const paced = { ...definition(), max_per_run: 5, weekly_cap_per_recipient: 1, send_window: null, throttle: null };
    expect(contentFingerprint(paced)).toBe(contentFingerprint(definition()));
    const [one, other] = [definition(), definition()];
    one.audience.contact_tags = ['a', 'B'];
    other.audience.contact_tags = ['b', 'A', 'a'];
    expect(contentFingerprint(one)).toBe(contentFingerprint(other));
  });
});

describe('the step that follows', () => {
  const steps = [
    { step: 1, channel: 'email' as const, waitDays: 0 },
    { step: 2, channel: 'sms' as const, waitDays: 2 },
    { step: 3, channel: 'mail' as const, waitDays: 5 },
  ];
  const at = new Date('2027-03-01T12:00:00Z');
  it('is due so many days later, leaves out what cannot reach the recipient, and ends', () => {
    expect(nextStep(steps, { step: 1, at }, () => true)).toEqual({
      step: steps[1],
      dueAt: new Date('2027-03-03T12:00:00Z'),
    });
    expect(nextStep(steps, { step: 1, at }, (channel) => channel !== 'sms')?.step.step).toBe(3);
    expect(nextStep(steps, { step: 3, at }, () => true)).toBeNull();
  });
});
