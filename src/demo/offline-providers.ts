import { probeProviders } from '../activities/enrich/probe.ts';
import { DEFAULT_BASE_URLS } from '../activities/enrich/registry.ts';
import { createHttpClient } from '../http/client.ts';
import { lendAddresses } from '../runtime/addresses.ts';
import { startSimulator } from './simulator/server.ts';

/** Stands in for the free public services while none of them can be reached. */
export interface OfflineProviders {
  /** Whether they are simulated now. */
  isSimulating(): boolean;
  stop(): Promise<void>;
}

const LOOK_AGAIN_MS = 60_000;
const RETRY_WINDOW_MS = 120_000;

/**
 * On a machine that starts without the internet the free public services are simulated, as in the demonstration: every value is marked
 * as such and gives way to a real one. As soon as any real service answers, the simulation
 * ends; a machine that loses the internet later is not simulated for.
 */
export async function standInWhileOffline(options: {
  home: string;
  userAgent: string;
  onChange: (isSimulating: boolean) => void;
}): Promise<OfflineProviders> {
  const { home, userAgent, onChange } = options;
  const trustedOrigins = Object.values(DEFAULT_BASE_URLS).map((url) => new URL(url).origin);
  const http = createHttpClient({ userAgent, trustedOrigins });
  const isOffline = async () => (await probeProviders(http, DEFAULT_BASE_URLS)).every(({ answers }) => !answers);
  let end = (await isOffline()) ? await begin(home) : undefined;
  if (end === undefined) return { isSimulating: () => false, stop: async () => undefined };
  onChange(true);
  let looking: Promise<void> = Promise.resolve();
  const lookAgain = async () => {
    if (await isOffline()) return;
    clearInterval(timer);
    await end?.();
    end = undefined;
    onChange(false);
  };
  const timer = setInterval(() => {
    looking = lookAgain();
  }, LOOK_AGAIN_MS);
  return {
    isSimulating: () => end !== undefined,
    async stop() {
      clearInterval(timer);
      await looking;
      await end?.();
    },
  };
}

async function begin(home: string): Promise<() => Promise<void>> {
  const simulator = await startSimulator({ parcels: [] });
  const lent = lendAddresses(home, {
    providers: simulator.baseUrls,
    sources: {},
    rateScale: 1_000,
    retryWindowMs: RETRY_WINDOW_MS,
  });
  return async () => {
    lent.takeBack();
    await simulator.stop();
  };
}
