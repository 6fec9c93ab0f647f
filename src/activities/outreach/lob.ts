import { ReosError } from '../../domain/errors.ts';
import type { Channel, ChannelDeps, OutboundMail, PostalParty } from './channel.ts';
import { type ProviderApi, postMessage, readOrigin } from './channel-http.ts';

const DEFAULT_TIMEOUT_MS = 20_000;
/** $0.60 for each piece. */
const PIECE_MICROS = 600_000;
/** Lob takes HTML below this many characters per side. */
export const MAX_LOB_HTML = 10_000;
/** Lob prints both address lines on one label. */
const MAX_ADDRESS_LINES = 50;
const MAX_NAME = 40;

/**
 * Letters and postcards through Lob. The send id is the idempotency key, which Lob keeps for 24 hours per key and kind:
 * an attempt that was interrupted may be repeated within that time, and gives the same piece.
 * @throws ReosError `validation` when the key is missing, or is no test key in the sandbox
 */
export function createLob(deps: Pick<ChannelDeps, 'lob' | 'http' | 'isSandbox'>): Channel {
  const { apiKey, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = deps.lob;
  if (apiKey === undefined) {
    throw new ReosError('validation', 'Lob needs LOB_API_KEY. Set it, or leave it out to use the local outbox.');
  }
  if (deps.isSandbox && !apiKey.startsWith('test_')) {
    throw new ReosError(
      'validation',
      'OUTREACH_SANDBOX is on, but LOB_API_KEY is no test key (test_…): it would print and post. Use the test key.',
    );
  }
  const origin = readOrigin('LOB_BASE_URL', baseUrl, 'https://api.lob.com');
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
  const api: ProviderApi = { name: 'Lob', timeoutMs, readId, readRefusal };
  const post = async (message: OutboundMail) => {
    const reason = refusalOf(message);
    if (reason !== null) return { outcome: 'rejected', reason } as const;
    return postMessage(deps.http, api, {
      url: `${origin}/v1/${message.piece.format === 'letter' ? 'letters' : 'postcards'}`,
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': message.sendId },
      body: JSON.stringify(requestBody(message)),
      personal: [message.to.name, message.to.address.line1, message.to.address.line2],
    });
  };
  return {
    name: 'lob',
    kinds: ['mail'],
    isIdempotent: true,
    isLive: true,
    costMicros: (message) => (message.kind === 'mail' ? PIECE_MICROS : 0),
    send: async (message) =>
      message.kind === 'mail' ? post(message) : { outcome: 'rejected', reason: `Lob does not carry ${message.kind}.` },
  };
}

/** What Lob would refuse for certain, said in our words. */
function refusalOf({ piece, to }: OutboundMail): string | null {
  const sides = piece.format === 'letter' ? { letter: piece.html } : { front: piece.front, back: piece.back };
  for (const [side, html] of Object.entries(sides)) {
    if (html.length >= MAX_LOB_HTML) {
      return `The ${side} has ${html.length} characters of HTML; Lob takes fewer than ${MAX_LOB_HTML}. Shorten its template.`;
    }
  }
  const lines = to.address.line1.length + (to.address.line2?.length ?? 0);
  return lines > MAX_ADDRESS_LINES
    ? `The recipient's address lines have ${lines} characters; Lob takes ${MAX_ADDRESS_LINES}. Shorten the contact's address.`
    : null;
}

function requestBody(message: OutboundMail): Record<string, unknown> {
  const common = {
    description: message.description.slice(0, 255),
    to: addressOf(message.to),
    from: addressOf(message.from),
    use_type: 'marketing',
    mail_type: 'usps_first_class',
    metadata: { send_id: message.sendId },
  };
  if (message.piece.format === 'postcard') {
    return { ...common, size: '4x6', front: message.piece.front, back: message.piece.back };
  }
  return { ...common, file: message.piece.html, color: false, address_placement: 'top_first_page' };
}

function addressOf({ name, address }: PostalParty): Record<string, string> {
  return {
    name: name.slice(0, MAX_NAME),
    address_line1: address.line1,
    ...(address.line2 === null ? {} : { address_line2: address.line2 }),
    address_city: address.city,
    address_state: address.state,
    address_zip: address.zipCode,
    address_country: 'US',
  };
}

function readId(body: unknown): string | null {
  const id = (body as { id?: unknown } | null)?.id;
  return typeof id === 'string' && /^(ltr|psc)_[0-9a-zA-Z]+$/.test(id) ? id : null;
}

/** Lob's error: `error.code` and `error.message`. */
function readRefusal(body: unknown): string {
  const error = (body as { error?: { code?: unknown; message?: unknown } } | null)?.error;
  if (typeof error?.message !== 'string') return '';
  return typeof error.code === 'string' ? `${error.code}: ${error.message}` : error.message;
}
