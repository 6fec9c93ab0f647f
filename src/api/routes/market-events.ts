import { z } from '@hono/zod-openapi';
import {
  type AvmValue,
  knownOffers,
  mergeAvmValues,
  mergeOffers,
  type OfferEvent,
} from '../../db/queries/market-offers.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { avmValueShape, offerEventShape, readAvmValue, readOffer } from './market-rows.ts';
import { type EventFeed, takeEvents, takeOne } from './market-take.ts';

const MOST_EVENTS = 500;
const MOST_BYTES = 2 * 1024 * 1024;

const counted = z.object({
  accepted: z.number().describe('New rows'),
  repeated: z.number().describe('Rows that were known, with nothing new'),
  updated: z.number().describe('Known rows that said something new'),
  rejected: z.array(z.object({ index: z.number(), id: z.string().nullable(), reasons: z.array(z.string()) })),
});

/** `/api/v1/market/offers`, `/api/v1/market/avm-values`: rows of upstream systems as they happen. */
export function marketEventEndpoints(): Endpoint[] {
  return [routeOf(OFFERS), routeOf(AVM_VALUES)];
}

/** A feed with its route. */
interface EventRoute<T> extends EventFeed<T> {
  path: string;
  operationId: string;
  summary: string;
  description: string;
  shape: z.ZodObject;
}

const OFFERS: EventRoute<OfferEvent> = {
  feed: 'offer_events',
  path: '/api/v1/market/offers',
  operationId: 'recordOffers',
  summary: 'Record offers: one, or up to 500 as events',
  description:
    'The same event_id is the same offer: sent again it is counted as repeated, with an answer that is new (seller_accepted_offer, days_to_accept) as updated; with another property, market, price or time it is refused. Good rows are kept when others are refused. Late rows are welcome, rows from the future are not. The market’s figures have them within a minute.',
  shape: offerEventShape,
  read: readOffer,
  keyOf: (row) => row.eventId,
  join(first, second) {
    const other = differenceOf(first, second);
    if (other !== null) return { reason: other };
    const row = {
      ...first,
      sellerAcceptedOffer: second.sellerAcceptedOffer ?? first.sellerAcceptedOffer,
      daysToAccept: second.daysToAccept ?? first.daysToAccept,
    };
    const isNew = row.sellerAcceptedOffer !== first.sellerAcceptedOffer || row.daysToAccept !== first.daysToAccept;
    return { row, isNew };
  },
  merge: mergeOffers,
  async differing(trx, rows) {
    const known = await knownOffers(
      trx,
      rows.map(({ eventId }) => eventId),
    );
    const found = new Map<OfferEvent, string>();
    for (const row of rows) {
      const before = known.get(row.eventId);
      const reason = before === undefined ? null : differenceOf(before, row);
      if (reason !== null) found.set(row, reason);
    }
    return found;
  },
};

const AVM_VALUES: EventRoute<AvmValue> = {
  feed: 'avm_values',
  path: '/api/v1/market/avm-values',
  operationId: 'recordAvmValues',
  summary: 'Record valuations: one, or up to 500 as events',
  description:
    'A home’s value at a moment. The same home and moment again is counted as repeated, with another value as updated. Good rows are kept when others are refused.',
  shape: avmValueShape,
  read: readAvmValue,
  keyOf: (row) => `${row.propertyRef} ${row.valuedAt}`,
  join(first, second) {
    const isNew = (['market', 'segment', 'estimatedValue', 'confidence'] as const).some(
      (name) => first[name] !== second[name],
    );
    return { row: second, isNew };
  },
  merge: mergeAvmValues,
  differing: async () => new Map(),
};

/** Which fields that make the offer are another; null when none is. */
function differenceOf(known: OfferEvent, told: OfferEvent): string | null {
  const names = {
    propertyRef: 'property_ref',
    market: 'market',
    segment: 'segment',
    offerPrice: 'offer_price',
    marketEstimatedValue: 'market_estimated_value',
    pricePerSqft: 'price_per_sqft',
    offeredAt: 'offered_at',
  } as const;
  const others = Object.entries(names).filter(
    ([key]) => known[key as keyof typeof names] !== told[key as keyof typeof names],
  );
  if (others.length === 0) return null;
  return `event_id: ${told.eventId} is an offer with another ${others.map(([, name]) => name).join(', ')}; give a new offer an id of its own`;
}

function routeOf<T>(feed: EventRoute<T>): Endpoint {
  return endpoint(
    {
      method: 'post',
      path: feed.path,
      operationId: feed.operationId,
      tag: 'Market feeds',
      summary: feed.summary,
      description: feed.description,
      permission: 'properties:update',
      maxBodyBytes: MOST_BYTES,
      judgesRows: true,
      body: bodyOf(feed.shape),
      answer: counted,
    },
    async ({ trx, body, now }) => {
      const { events } = body as { events?: unknown[] };
      return events === undefined ? takeOne(trx, feed, body, now) : takeEvents(trx, feed, events, now);
    },
  );
}

/** Rows are checked one by one when they are read; here only whether it is a list of a length. */
function bodyOf(shape: z.ZodObject) {
  const documented = z.toJSONSchema(shape, { io: 'input', target: 'openapi-3.0' }) as object;
  const events = z
    .array(z.unknown().openapi(documented))
    .min(1)
    .max(MOST_EVENTS)
    .optional()
    .openapi({ description: 'Rows; or the fields of a single one beside, without this list' });
  return z.looseObject({ events });
}
