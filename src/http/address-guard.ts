import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { messageOf, ReosError } from '../domain/errors.ts';

/** One resolved address of a host name. */
export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** Turns a host name into all of its addresses. Injected in tests to play a hostile name server. */
export type ResolveHost = (hostname: string) => Promise<ResolvedAddress[]>;

/** The system's own resolver, all addresses, in the order it gives them. */
export const resolveWithSystem: ResolveHost = async (hostname) =>
  (await systemLookup(hostname, { all: true, verbatim: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/** Public by number, but answered by the machine's own cloud host. */
const CLOUD_HOST_ADDRESSES = new Set(['168.63.129.16']);
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');

/**
 * True only for addresses of the public internet. Private, loopback, link-local (cloud metadata), unique-local,
 * carrier-grade NAT, multicast, reserved, tunnelled and IPv4-in-IPv6 addresses are all refused, as is text that is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || CLOUD_HOST_ADDRESSES.has(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST_V6);
}

/**
 * Reads an absolute http(s) address. Unusual spellings of IPv4 (decimal, octal, hex) come out dotted.
 * @throws ReosError `blocked` when it is no address, another scheme, or carries a user name or password
 */
export function parseHttpUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new ReosError('blocked', `"${text.slice(0, 120)}" is not an absolute web address. Use http:// or https://.`);
  }
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ReosError('blocked', `Addresses with ${url.protocol} are not fetched. Use http:// or https://.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ReosError(
      'blocked',
      `The address of ${url.host} carries a user name or password. Remove the part before the @ and use a setting for the key.`,
      { details: { host: url.host } },
    );
  }
  return url;
}

/** Scheme, host and port of each address, as compared for trust. @throws ReosError `blocked` as parseHttpUrl does */
export function originsOf(addresses: readonly string[]): ReadonlySet<string> {
  return new Set(addresses.map((address) => parseHttpUrl(address).origin));
}

/** An address for messages and logs: without query and fragment, where keys may hide. */
export function printableUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function refusePrivate(hostname: string, address: string): ReosError {
  return new ReosError(
    'blocked',
    `${hostname} leads to ${address}, which is not on the public internet, so it was not fetched. ` +
      'If this is a service of yours, name its exact base URL in the settings.',
    { details: { host: hostname, address } },
  );
}

/** Checks the host as written, before any name lookup. @throws ReosError `blocked` */
export function checkLiteralHost(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) {
    if (!isPublicAddress(host)) throw refusePrivate(url.hostname, host);
    return;
  }
  if (host === 'localhost' || host.endsWith('.localhost')) throw refusePrivate(url.hostname, 'this machine');
}

/**
 * Resolves a name for a connection. One private address among several is enough to refuse the name: a mixed answer is
 * how rebinding starts. The caller connects to exactly the returned addresses.
 * @throws ReosError `blocked` for a private address, `transient` when the name cannot be resolved now
 */
export async function resolvePublicHost(hostname: string, resolve: ResolveHost): Promise<ResolvedAddress[]> {
  let addresses: ResolvedAddress[];
  try {
    addresses = await resolve(hostname);
  } catch (error) {
    throw new ReosError('transient', `The name ${hostname} could not be resolved: ${messageOf(error)}.`, {
      cause: error,
      details: { host: hostname },
    });
  }
  for (const { address } of addresses) if (!isPublicAddress(address)) throw refusePrivate(hostname, address);
  if (addresses.length === 0) {
    throw new ReosError('transient', `The name ${hostname} has no address.`, { details: { host: hostname } });
  }
  return addresses;
}
