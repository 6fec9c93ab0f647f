import type { Logger } from 'pino';
import type { Counties } from '../../config/county-index.ts';
import { servingModels } from '../../db/queries/models.ts';
import { type RecordExtras, readRecordExtras, VALUATION_COLUMNS } from '../../db/queries/sales-data.ts';
import { type NewValuation, saveFeatureRows, saveValuations } from '../../db/queries/valuations.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { messageOf } from '../../domain/errors.ts';
import type { Property } from '../../domain/property.ts';
import type { AvmValue } from '../../domain/scoring/value.ts';
import type { ValuationSubject } from '../../domain/valuation/sale-record.ts';
import { subjectOf } from '../../domain/valuation/subject.ts';
import type { AvmModel, Valuation } from '../../domain/valuation/valuation.ts';
import type { ModelCache, ServedModel } from './value-models.ts';
import type { Valuers } from './valuers.ts';

/** What valuing works with. */
export interface ValueDeps {
  models: ModelCache;
  counties: Pick<Counties, 'byFips'>;
  logger: Logger;
  /** False: nothing is written; for looking at a property without recording a word on it. Default true. */
  isRecorded?: boolean;
}

/** In a batch feature rows are kept of a fixed sample, one in 32 by id: enough to measure drift, and no more to write. */
const ALL_ROWS_UP_TO = 20;
const inSample = (propertyId: string): boolean => Number.parseInt(propertyId.slice(0, 2), 16) < 8;

/**
 * Valuing for scoring. The champion of the property's county gives the value, the model in its shadow a second one that
 * is only kept. No champion, no library or too little known of a house: no value, and comparable sales take its place.
 */
export function createValuers(deps: ValueDeps): Required<Valuers> {
  const valueBatch: Required<Valuers>['valueBatch'] = async (trx, properties, asOf) => {
    const values = new Map<string, AvmValue>();
    for (const [fips, group] of byCounty(properties)) {
      const market = deps.counties.byFips(fips)?.slug;
      const serving = market === undefined ? [] : await servingModels(trx, 'avm', market);
      if (!serving.some(({ isShadow }) => !isShadow)) continue;
      const subjects = await subjectsOf(trx, group);
      for (const model of serving) {
        const valuations = await valueWith(deps, trx, model, group, subjects, asOf);
        if (!model.isShadow) for (const [id, valuation] of valuations) values.set(id, avmValue(valuation));
      }
    }
    return values;
  };
  return {
    valueBatch,
    valueProperty: async (trx, property, asOf) => (await valueBatch(trx, [property], asOf)).get(property.id) ?? null,
  };
}

/** What a valuation may look at of stored properties, in their order. */
export async function subjectsOf(trx: TenantTrx, properties: readonly Property[]): Promise<ValuationSubject[]> {
  const records = await readRecordExtras(
    trx,
    properties.map(({ id }) => id),
  );
  return properties.map((property) => subjectOfProperty(property, records.get(property.id)));
}

function subjectOfProperty(property: Property, record: RecordExtras | undefined): ValuationSubject {
  return subjectOf({
    propertyId: property.id,
    facts: property,
    subdivision: record?.subdivision ?? null,
    extras: record?.extras ?? {},
    described: record?.described ?? {},
    simulated: new Set(VALUATION_COLUMNS.filter((field) => property.fieldSources[field]?.simulated === true)),
  });
}

async function valueWith(
  deps: ValueDeps,
  trx: TenantTrx,
  model: ServedModel & { isShadow: boolean },
  properties: readonly Property[],
  subjects: readonly ValuationSubject[],
  asOf: string,
): Promise<Map<string, Valuation>> {
  const isWhole = properties.length <= ALL_ROWS_UP_TO;
  const work = (avm: AvmModel) => {
    const rows: Array<{ propertyId: string; values: Float64Array }> = [];
    const valuations = avm.valueBatch(subjects, asOf, (at, row) => {
      const { id } = properties[at]!;
      if (isWhole || inSample(id)) rows.push({ propertyId: id, values: row().slice() });
    });
    return { valuations, rows };
  };
  const result = await deps.models.use(trx.tenantId, model, work).catch((error: unknown) => {
    // Said aloud once, where the model was to be loaded.
    deps.logger.debug({ model: model.version, properties: properties.length }, `no value: ${messageOf(error)}`);
    return null;
  });
  const valuations = new Map<string, Valuation>();
  for (const [at, valuation] of (result?.valuations ?? []).entries()) {
    const { id } = properties[at]!;
    if ('refused' in valuation) {
      deps.logger.debug({ model: model.version, property: id }, `not valued by the model: ${valuation.refused}`);
    } else if (isSane(valuation)) valuations.set(id, valuation);
    else deps.logger.warn({ model: model.version, property: id }, 'the model gave a value that is none; not used');
  }
  if (deps.isRecorded !== false) {
    const kept = Array.from(valuations, ([propertyId, valuation]): NewValuation => ({ propertyId, valuation }));
    await saveValuations(trx, { modelId: model.id, isShadow: model.isShadow, asOf }, kept);
    const rows = (result?.rows ?? []).filter(({ propertyId }) => valuations.has(propertyId));
    await saveFeatureRows(trx, model.id, asOf, rows);
  }
  return valuations;
}

function isSane({ value, log, intervals }: Valuation): boolean {
  const ends = [50, 80, 90] as const;
  return (
    value > 0 &&
    value < 1e10 &&
    Number.isFinite(log) &&
    ends.every((level) => intervals[level].low > 0 && Number.isFinite(intervals[level].high))
  );
}

/** A model's word as scoring takes it: whole cents and the 80% interval. */
export function avmValue({ value, intervals, confidence, modelVersion }: Valuation): AvmValue {
  const cents = (dollars: number) => Math.round(dollars * 100);
  return {
    valueCents: cents(value),
    lowCents: cents(intervals[80].low),
    highCents: cents(intervals[80].high),
    confidence,
    modelVersion,
  };
}

function byCounty(properties: readonly Property[]): Map<string, Property[]> {
  const groups = new Map<string, Property[]>();
  for (const property of properties) {
    const group = groups.get(property.countyFips);
    if (group === undefined) groups.set(property.countyFips, [property]);
    else group.push(property);
  }
  return groups;
}
