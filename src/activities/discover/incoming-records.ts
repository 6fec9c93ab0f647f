import { createHash } from 'node:crypto';
import type { IncomingRecord } from '../../db/queries/ingest-writes.ts';
import { outliers } from '../../domain/listing-rules.ts';
import type { DiscoveredItem } from './source.ts';

/** How far a source that says nothing about itself is believed, by what its records are. */
const CONFIDENCE = { sale: 0.9, parcel: 0.9, listing: 0.7 } as const;

/** The records of a batch, each with what its neighbours in the batch say about it. */
export function incomingRecords(items: readonly DiscoveredItem[], now: Date): IncomingRecord[] {
  const found = items.flatMap((item) => (item.type === 'record' ? [item] : []));
  const odd = outliers(found.map(({ record }) => record));
  return found.map(({ record, raw, warnings, rowReference }, index) => {
    // The address a page was read under may differ from run to run (mirrors, ports): it is no change of the record.
    const { url: _url, ...content } = record;
    return {
      record,
      rawRef: raw.ref ?? rowReference,
      payloadHash: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
      warnings: [...warnings, ...odd.flatMap((entry) => (entry.index === index ? [entry.warning] : []))],
      fetchedAt: now,
      confidence: CONFIDENCE[record.record_kind],
    };
  });
}
