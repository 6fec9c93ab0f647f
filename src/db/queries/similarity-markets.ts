import type { TenantTrx } from '../tenant.ts';
import { openSimilarityMarket, type SimilarityMarket } from './similarity.ts';

/** Markets that were opened, kept for some minutes: reading a county takes seconds, asking it a millisecond. */
export interface SimilarityMarkets {
  /**
   * The market of the counties, opened once however many ask at the same time; anew when it is old or lacks a property.
   * @param countyFips in a fixed order
   */
  open(trx: TenantTrx, countyFips: readonly string[], asOf: string, propertyId: string): Promise<SimilarityMarket>;
}

interface Entry {
  market: Promise<SimilarityMarket>;
  openedAt: number;
  houses: number;
}

/** A house takes about a kilobyte. */
const MOST_HOUSES = 400_000;
const MOST_MARKETS = 8;
const KEPT_MS = 5 * 60_000;

/** @param now milliseconds */
export function createSimilarityMarkets({
  now = Date.now,
  keptMs = KEPT_MS,
  mostHouses = MOST_HOUSES,
} = {}): SimilarityMarkets {
  const entries = new Map<string, Entry>();

  function openAnew(key: string, trx: TenantTrx, countyFips: readonly string[], asOf: string): Entry {
    const entry: Entry = { market: openSimilarityMarket(trx, countyFips, asOf), openedAt: now(), houses: 0 };
    entries.delete(key);
    entries.set(key, entry);
    entry.market.then(
      ({ rows }) => {
        entry.houses = rows.length;
        dropOldest();
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    return entry;
  }

  function dropOldest(): void {
    let houses = [...entries.values()].reduce((sum, entry) => sum + entry.houses, 0);
    for (const [key, entry] of entries) {
      const isOld = now() - entry.openedAt > keptMs;
      if (!isOld && entries.size <= MOST_MARKETS && houses <= mostHouses) continue;
      entries.delete(key);
      houses -= entry.houses;
    }
  }

  return {
    async open(trx, countyFips, asOf, propertyId) {
      const key = [trx.tenantId, asOf, ...countyFips].join(' ');
      dropOldest();
      const known = entries.get(key);
      if (known !== undefined) {
        // One whose reader gave up is no word about this one.
        const market = await known.market.catch(() => null);
        if (market?.index.rowOf.has(propertyId) === true) return market;
      }
      const latest = entries.get(key);
      const entry = latest === undefined || latest === known ? openAnew(key, trx, countyFips, asOf) : latest;
      return entry.market;
    },
  };
}
