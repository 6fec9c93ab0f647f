import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemoInput } from '../../../src/domain/memo/input.ts';
import { buildMemoModel } from '../../../src/domain/memo/model.ts';
import { MEMO_SECTIONS } from '../../../src/domain/memo/sections.ts';
import { PROPERTY_FIELDS } from '../../../src/domain/property.ts';
import { sampleInput } from './sample-input.ts';

/** Every string of a value, wherever it is. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(stringsOf);
}

/** The input with the numbered leaves (of the property, score, county, comparables, financials) set to null or NaN. */
function withHoles(input: MemoInput, isHole: (path: string) => 'null' | 'nan' | 'keep'): MemoInput {
  const hole = <T>(value: T, path: string): T => {
    if (Array.isArray(value)) return value.map((item, index) => hole(item, `${path}.${index}`)) as T;
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hole(item, `${path}.${key}`)])) as T;
    }
    const kind = isHole(path);
    if (kind === 'nan' && typeof value === 'number') return Number.NaN as T;
    return kind === 'null' && typeof value === 'number' ? (null as T) : value;
  };
  const property = { ...input.property };
  for (const field of PROPERTY_FIELDS) if (isHole(field) !== 'keep') Object.assign(property, { [field]: null });
  const { score, county, comparables, financials } = hole(
    { score: input.score, county: input.county, comparables: input.comparables, financials: input.financials },
    '',
  );
  return { ...input, property, score, county, comparables, financials };
}

describe('buildMemoModel', () => {
  it('has 14 different section titles', () => {
    expect(MEMO_SECTIONS).toHaveLength(14);
    expect(new Set(MEMO_SECTIONS).size).toBe(14);
  });

  it('never says null, NaN or undefined, whatever is missing', () => {
    const kinds = fc.constantFrom('asking', 'last_sale_indexed', 'assessed', 'none') as fc.Arbitrary<
      MemoInput['score']['referencePriceKind']
    >;
    fc.assert(
      fc.property(fc.infiniteStream(fc.constantFrom('null', 'nan', 'keep')), kinds, (stream, referencePriceKind) => {
        const input = sampleInput();
        const model = buildMemoModel(
          withHoles({ ...input, score: { ...input.score, referencePriceKind } }, () => stream.next().value ?? 'keep'),
        );
        for (const text of stringsOf(model)) expect(text).not.toMatch(/null|NaN|undefined|Infinity|\{\{|\}\}/);
        expect([model.metrics.length, model.financials.length]).toEqual([8, 14]);
      }),
      { numRuns: 30 },
    );
  });

  it('says "Not known" with the reason', () => {
    const input = sampleInput();
    const model = buildMemoModel({ ...input, property: { ...input.property, sqft: null } });
    expect(model.features.find((row) => row.label === 'Living area')).toEqual({
      label: 'Living area',
      value: 'Not known',
      known: false,
      source: 'no source has given it',
      simulated: false,
    });
    expect(model.metrics.find((row) => row.label === 'Price per sq ft')?.source).toBe('price or area is missing');
  });

  it('marks what a simulator made up, and says so above everything', () => {
    const model = buildMemoModel(sampleInput());
    expect(model.location.find((row) => row.label === 'Median rent')).toMatchObject({ simulated: true });
    expect(model.features.find((row) => row.label === 'Living area')).toMatchObject({
      simulated: false,
      source: 'King County Assessor, 10 Mar 2025',
    });
    expect(model.highlights.strengths.map((reason) => reason.simulated)).toEqual([false, true, false]);
    expect(model.simulatedNotice).toContain('simulated');
    const input = sampleInput();
    const facts = Object.entries(input.property.fieldSources).map(([field, source]) => [
      field,
      { ...source, simulated: false },
    ]);
    const real = { ...input.property, fieldSources: Object.fromEntries(facts) };
    expect(buildMemoModel({ ...input, property: real, financials: [] }).simulatedNotice).toBeNull();
  });

  it('names the parcel and the county where no address is known', () => {
    const input = sampleInput();
    expect(buildMemoModel(input).header).toMatchObject({ address: '418 Larkspur Lane', place: 'Kirkland, WA 98033' });
    const property = { ...input.property, address: null, city: null, state: null };
    expect(buildMemoModel({ ...input, property }).header).toMatchObject({
      address: 'Parcel 3211700220',
      place: 'King County, WA 98033',
    });
  });

  it('gives the same model for the same input', () => {
    expect(buildMemoModel(sampleInput())).toEqual(buildMemoModel(sampleInput()));
  });
});

describe('what is compared with what', () => {
  const of = (score: Partial<MemoInput['score']>) => {
    const input = sampleInput();
    return buildMemoModel({ ...input, score: { ...input.score, ...score } });
  };

  it('calls an asking price so, with its listing day', () => {
    const model = of({ referencePriceKind: 'asking' });
    expect(model.metrics[0]).toMatchObject({ label: 'Asking price', value: '$619,000' });
    expect(model.opportunity.sentences.join(' ')).toContain('offered for sale at $619,000 (listed 21 Feb 2025)');
    expect(model.opportunity.sentences.join(' ')).toContain('$92,000 (14.9%) above the asking price');
  });

  it('never calls a closed sale or an assessment an asking price', () => {
    const sale = of({ referencePriceKind: 'last_sale_indexed' });
    expect(sale.metrics[0]?.label).toBe('Last sale at today\u2019s prices');
    expect(sale.metrics[0]?.source).toBe('computed from the sale at $387,500 on 18 Jun 2014');
    expect(sale.opportunity.sentences.join(' ')).toContain('closed sale and no asking price');
    expect(sale.score.summary).not.toContain('asking');
    expect(sale.opportunity.chart).not.toContain('Asking');
    const assessed = of({ referencePriceKind: 'assessed', referencePriceCents: 58_400_000 });
    expect(assessed.metrics[0]?.label).toBe('Assessed value');
    expect(assessed.opportunity.sentences[0]).toContain('is no asking price');
    expect(assessed.opportunity.chart).not.toContain('Asking');
  });

  it('states no margin without a reference, whatever number came with it', () => {
    const model = of({ referencePriceKind: 'none', referencePriceCents: 1 });
    expect(model.metrics[0]).toMatchObject({ known: false });
    expect(model.opportunity.sentences.join(' ')).toContain('stands alone');
    expect(of({ estimatedValueCents: null }).opportunity.sentences.join(' ')).toContain('Too little is known');
  });

  it('says when the reference lies inside the range, and when the estimate is lower', () => {
    expect(of({ referencePriceCents: 70_000_000 }).opportunity.sentences[1]).toContain(
      'may be no more than uncertainty',
    );
    expect(of({ referencePriceCents: 80_000_000 }).opportunity.sentences[1]).toContain('below the asking price');
  });
});

describe('what comes from outside', () => {
  it('lets no web address, script address or broken picture in', () => {
    const input = sampleInput();
    const model = buildMemoModel({
      ...input,
      images: [
        'https://tracker.example/a.png',
        'data:text/html,<b>',
        'data:image/png;base64,AA"><script>',
        'data:image/png;base64,AAAA',
      ],
      tenant: {
        name: 'N/A',
        callToAction: { text: '', email: 'a@b.example?bcc=c@d.example', url: 'javascript:alert(1)' },
      },
    });
    expect(model.header.image).toBe('data:image/png;base64,AAAA');
    expect(model.action).toEqual({ text: 'Talk to Your team about this property.', email: null, url: null });
  });

  it('escapes the names of score parts in the chart', () => {
    const input = sampleInput();
    const component = { name: '<script>{{x}}&"', value: 1, score: 1, weight: 1, contribution: 4 };
    const chart = buildMemoModel({ ...input, score: { ...input.score, components: [component] } }).insights.chart;
    expect(chart).toContain('&lt;script&gt;&#123; &#123;x&#125; &#125;&amp;&quot;');
    expect(chart).not.toContain('<script');
  });

  it('shortens a description of 10 kB', () => {
    const input = sampleInput();
    const property = { ...input.property, publicRemarks: 'lovely garden '.repeat(800) };
    expect(buildMemoModel({ ...input, property }).description?.length).toBeLessThan(1_410);
  });
});
