import { chooseBaseUrls, probeProviders } from '../activities/enrich/probe.ts';
import { DEFAULT_BASE_URLS } from '../activities/enrich/registry.ts';
import { normaliseApn } from '../domain/apn.ts';
import type { DiscoveredRecord } from '../domain/listing.ts';
import { createHttpClient } from '../http/client.ts';
import type { LentAddresses } from '../runtime/addresses.ts';
import { startFsboSite } from './fsbo-site/site.ts';
import { type Simulator, startSimulator } from './simulator/server.ts';

/** The outside world of the demonstration, on loopback where the real one does not answer. */
export interface DemoSites {
  /** Where providers and the listing site are. */
  addresses: LentAddresses;
  /** Providers whose values are made up, because the real service does not answer from here. */
  simulated: string[];
  /** The simulator, for tests that make providers fail. */
  simulator: Simulator;
  stop(): Promise<void>;
}

const USUAL_SITE_PORT = 18_311;

/**
 * Starts the listing site, and the simulator for those free providers that do not answer.
 * @param overrides addresses the operator has set: those are used as they are
 */
export async function startDemoSites(options: {
  records: readonly DiscoveredRecord[];
  countyFips: string;
  userAgent: string;
  overrides: Readonly<Record<string, string>>;
}): Promise<DemoSites> {
  const { records, countyFips, userAgent, overrides } = options;
  const parcels = records.map((record) => ({
    pin: normaliseApn(record.ParcelNumber, countyFips)!,
    countyFips,
    latitude: record.Latitude!,
    longitude: record.Longitude!,
    zip: record.PostalCode,
    valueDollars: record.ClosePrice ?? record.TaxAssessedValue ?? record.ListPrice,
    sqft: record.LivingArea,
    lotSqft: record.LotSizeSquareFeet,
    yearBuilt: record.YearBuilt,
    bedrooms: record.BedroomsTotal,
  }));
  const simulator = await startSimulator({ parcels });
  const own = { ...DEFAULT_BASE_URLS, ...overrides };
  const http = createHttpClient({ userAgent, trustedOrigins: Object.values(own).map((url) => new URL(url).origin) });
  const baseUrls = chooseBaseUrls(await probeProviders(http, own), simulator.baseUrls);
  const simulated = Object.keys(baseUrls).filter((name) => baseUrls[name] === simulator.baseUrls[name]);
  const site = await startSite(records, countyFips);
  const addresses: LentAddresses = {
    providers: baseUrls,
    sources: { 'fsbo-demo': site.url },
    // The public services' limits are not the simulator's.
    rateScale: simulated.length === Object.keys(baseUrls).length ? 1_000 : 1,
    retryWindowMs: 120_000,
  };
  return {
    addresses,
    simulated,
    simulator,
    stop: async () => {
      await Promise.all([site.stop(), simulator.stop()]);
    },
  };
}

async function startSite(records: readonly DiscoveredRecord[], countyFips: string) {
  const step = Math.max(1, Math.floor(records.length / 3));
  const duplicateParcels = [0, 1, 2].flatMap((at) => {
    const record = records[at * step];
    if (record?.LivingArea == null) return [];
    return [
      {
        apn: normaliseApn(record.ParcelNumber, countyFips)!,
        latitude: record.Latitude!,
        longitude: record.Longitude!,
        livingAreaSqft: record.LivingArea,
        lotSqft: record.LotSizeSquareFeet ?? undefined,
        bedrooms: record.BedroomsTotal ?? undefined,
        yearBuilt: record.YearBuilt ?? undefined,
        zip: record.PostalCode ?? undefined,
        askingPriceDollars: record.ClosePrice === null ? undefined : Math.round((record.ClosePrice * 0.85) / 500) * 500,
      },
    ];
  });
  try {
    return await startFsboSite({ port: USUAL_SITE_PORT, duplicateParcels });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startFsboSite({ duplicateParcels });
  }
}
