import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { messageOf, ReosError } from '../domain/errors.ts';

export interface TemporalTarget {
  /** host:port; overrides the SDK's own settings when a local server was started. */
  address?: string;
  env: NodeJS.ProcessEnv;
}

/** What a connection needs, from Temporal's standard settings (TEMPORAL_* variables and its profile file). */
export function temporalConfig(target: TemporalTarget) {
  const env = Object.fromEntries(
    Object.entries(target.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const config = loadClientConnectConfig({ overrideEnvVars: env });
  const address = target.address ?? config.connectionOptions.address;
  return { connectionOptions: { ...config.connectionOptions, address }, namespace: config.namespace ?? 'default' };
}

/**
 * Opens a client.
 * @throws ReosError `transient` when the server does not answer in 10 s, with the address and the next step
 */
export async function connectTemporal(target: TemporalTarget): Promise<Client> {
  const { connectionOptions, namespace } = temporalConfig(target);
  try {
    const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '10 seconds' });
    return new Client({ connection, namespace });
  } catch (error) {
    throw new ReosError(
      'transient',
      `Temporal at ${connectionOptions.address} does not answer: ${messageOf(error)}. Start it with 'reos up', or correct TEMPORAL_ADDRESS.`,
      { cause: error },
    );
  }
}
