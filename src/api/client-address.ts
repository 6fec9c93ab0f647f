import type { Context, MiddlewareHandler } from 'hono';
import ipaddr from 'ipaddr.js';
import type { ApiEnv } from './problem.ts';

const MOST_HOPS = 32;

/**
 * Where a request comes from. X-Forwarded-For is believed from the right, as long as the machine that wrote each entry
 * is a trusted proxy: what stands further left anyone can have written.
 * @param peer the connection's other end
 * @param forwarded the header, as it came
 * @param trusted networks such as `10.0.0.0/8`
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | undefined,
  trusted: readonly string[],
): string | undefined {
  if (peer === undefined || forwarded === undefined || trusted.length === 0) return peer;
  const networks = trusted.map((network) => ipaddr.parseCIDR(network));
  let address = peer;
  for (const entry of forwarded.split(',').slice(-MOST_HOPS).reverse()) {
    if (!isWithin(address, networks)) break;
    const next = entry.trim();
    if (!ipaddr.isValid(next)) break;
    address = next;
  }
  return address;
}

/** Remembers with each request where it comes from. */
export function rememberClientAddress(trusted: readonly string[]): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const found = clientAddress(socketAddress(c), c.req.header('X-Forwarded-For'), trusted);
    if (found !== undefined) c.set('clientAddress', found);
    await next();
  };
}

/** The address that was remembered, else the connection's; undefined without a connection. */
export function peerOf(c: Context): string | undefined {
  const known: unknown = c.get('clientAddress');
  return typeof known === 'string' ? known : socketAddress(c);
}

function socketAddress(c: Context): string | undefined {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  return env?.incoming?.socket?.remoteAddress;
}

function isWithin(address: string, networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
}
