import { describe, expect, it } from 'vitest';
import { nextRound, type PlanInput, updateSubject } from '../../../src/activities/enrich/plan.ts';
import type { EnrichmentSubject, Provider } from '../../../src/activities/enrich/provider.ts';
import { PROVIDERS } from '../../../src/activities/enrich/registry.ts';
import { ENRICHMENT_FIELDS, type EnrichmentField, missingFields } from '../../../src/domain/provenance.ts';
import { SUBJECT } from './serve.ts';

const providers: Provider[] = Object.values(PROVIDERS);
const paid = (name: string, costMicros: number, fields: EnrichmentField[]): Provider => ({
  ...PROVIDERS['king-county-assessor'],
  name,
  costMicros,
  fields,
  coverage: () => true,
});
const names = (input: Partial<PlanInput> & { subject: EnrichmentSubject }) =>
  nextRound({ missing: ENRICHMENT_FIELDS, providers, done: new Set(), ...input }).calls.map(
    ({ provider }) => provider.name,
  );

describe('nextRound', () => {
  it('asks for the tract before the demographics, round by round', () => {
    const subject = { ...SUBJECT, apn: '1234560070', latitude: 47.6, longitude: -122.3, zip: '98104' };
    const missing = missingFields({ apn: 'x', latitude: 47.6, longitude: -122.3, zipCode: '98104', state: 'WA' });
    const first = names({ subject, missing });
    expect(first).toEqual(
      ['king-county-assessor', 'fema-flood', 'census-geocoder'].sort((a, b) => first.indexOf(a) - first.indexOf(b)),
    );
    expect(first).toHaveLength(3);
    const located = updateSubject(subject, { censusTract: '53033005302' });
    expect(names({ subject: located, missing: ['population', 'medianIncomeCents'], done: new Set(first) })).toEqual([
      'census-acs',
    ]);
  });

  it('starts from a parcel number alone: assessor, then geocoder and flood, then demographics', () => {
    let subject: EnrichmentSubject = { ...SUBJECT, apn: '1234560070' };
    const done = new Set<string>();
    const rounds: string[][] = [];
    const known: Record<string, object> = {
      'king-county-assessor': {
        address: '1 A ST',
        city: 'SEATTLE',
        state: 'WA',
        zipCode: '98104',
        latitude: 47.6,
        longitude: -122.3,
      },
      'census-geocoder': { censusTract: '53033005302' },
    };
    let facts = {};
    for (
      let round = names({ subject, missing: missingFields(facts), done });
      round.length > 0;
      round = names({ subject, missing: missingFields(facts), done })
    ) {
      rounds.push(round);
      for (const name of round) {
        done.add(name);
        facts = { ...facts, ...known[name] };
      }
      subject = updateSubject(subject, facts);
    }
    expect(rounds.map((round) => round.toSorted())).toEqual([
      ['king-county-assessor'],
      ['census-geocoder', 'fema-flood'],
      ['census-acs'],
    ]);
  });

  it('falls back to the ZIP code area when the geocoder had nothing', () => {
    const subject = { ...SUBJECT, zip: '98104' };
    expect(names({ subject, missing: ['population', 'censusTract'] })).toEqual(['census-acs']);
    const located = { ...subject, latitude: 47.6, longitude: -122.3 };
    expect(names({ subject: located, missing: ['population', 'censusTract'] })).toEqual(['census-geocoder']);
    expect(
      names({ subject: located, missing: ['population', 'censusTract'], done: new Set(['census-geocoder']) }),
    ).toEqual(['census-acs']);
  });

  it('asks nobody when nothing is missing, and nobody twice', () => {
    const subject = { ...SUBJECT, apn: '1234560070', latitude: 47.6, longitude: -122.3, zip: '98104' };
    expect(names({ subject, missing: [] })).toEqual([]);
    expect(names({ subject, done: new Set(Object.keys(PROVIDERS)) })).toEqual([]);
  });

  it('takes the cheapest that can fill a field, the next as fallback, each paid one after asking the budget', () => {
    const dear = paid('attom', 80_000, ['sqft', 'yearBuilt']);
    const cheap = paid('regrid', 20_000, ['yearBuilt']);
    const asked: string[] = [];
    const mayPay = (provider: string, costMicros: number) => {
      asked.push(`${provider} ${costMicros}`);
      return { allow: true, reason: '' };
    };
    const plan = (more: Partial<PlanInput>) =>
      nextRound({
        subject: SUBJECT,
        missing: ['sqft', 'yearBuilt'],
        providers: [dear, cheap],
        done: new Set(),
        mayPay,
        ...more,
      });
    expect(plan({}).calls.map(({ provider, forFields }) => [provider.name, ...forFields])).toEqual([
      ['regrid', 'yearBuilt'],
      ['attom', 'sqft'],
    ]);
    expect(asked).toEqual(['attom 80000', 'regrid 20000']);
    expect(plan({ missing: ['yearBuilt'] }).calls.map(({ provider }) => provider.name)).toEqual(['regrid']);
    expect(
      plan({ missing: ['yearBuilt'], done: new Set(['regrid']) }).calls.map(({ provider }) => provider.name),
    ).toEqual(['attom']);
    expect(plan({ cached: new Set(['attom']) }).calls[0]).toMatchObject({
      provider: { name: 'attom' },
      costMicros: 0,
      cached: true,
      forFields: ['sqft', 'yearBuilt'],
    });
  });

  it('says why a paid or failing provider is left out', () => {
    const dear = paid('attom', 80_000, ['sqft']);
    const plan = nextRound({ subject: SUBJECT, missing: ['sqft'], providers: [dear], done: new Set() });
    expect(plan).toEqual({ calls: [], skipped: [{ provider: 'attom', reason: 'no budget is set' }] });
    const refused = nextRound({
      subject: SUBJECT,
      missing: ['sqft'],
      providers: [dear],
      done: new Set(),
      mayPay: () => ({ allow: false, reason: 'the monthly budget is used up' }),
    });
    expect(refused.skipped).toEqual([{ provider: 'attom', reason: 'the monthly budget is used up' }]);
    const located = { ...SUBJECT, latitude: 47.6, longitude: -122.3 };
    const unhealthy = nextRound({
      subject: located,
      missing: ['floodZone'],
      providers,
      done: new Set(),
      isHealthy: () => false,
    });
    expect(unhealthy.skipped.map(({ provider }) => provider)).toEqual(['fema-flood']);
  });
});
