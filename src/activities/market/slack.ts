import type { Sealer } from '../../db/sealer.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import type { HttpClient } from '../../http/types.ts';

/** How Slack is reached: by a client that trusts this origin alone and follows no redirect. */
export interface SlackDoor {
  http: HttpClient;
  /** Exact origin of incoming webhooks, such as `https://hooks.slack.com`. */
  origin: string;
  sealer: Sealer;
}

/** What came of a post. `again`: nothing was sent, and it is worth another attempt. */
export interface PostResult {
  status: 'sent' | 'unknown' | 'error' | 'again';
  detail: string | null;
}

const TIMEOUT_MS = 10_000;
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'];

/** What the webhook's address belongs to in its seal. */
export const slackOwner = (tenantId: string) => `briefing-channel:${tenantId}:slack`;

/**
 * Reads an incoming webhook's address.
 * @throws ReosError `validation` for one that is not of the origin
 */
export function checkSlackUrl(text: string, origin: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && url.origin === origin && url.username === '' && url.pathname.length > 1) return url.href;
  throw new ReosError(
    'validation',
    `webhook_url: must be an incoming webhook of ${origin}, such as ${origin}/services/….`,
    { details: { field: 'body.webhook_url' } },
  );
}

/** Posts a message. Never throws: what went wrong is the answer, without the address, which is a secret. */
export async function postSlack(door: SlackDoor, tenantId: string, sealed: string, body: string): Promise<PostResult> {
  try {
    const url = checkSlackUrl(door.sealer.open(slackOwner(tenantId), sealed), door.origin);
    const headers = { 'content-type': 'application/json' };
    const answer = await door.http.fetch({
      url,
      method: 'POST',
      headers,
      body,
      timeoutMs: TIMEOUT_MS,
      maxBytes: 65_536,
    });
    if (answer.status >= 200 && answer.status < 300) return { status: 'sent', detail: null };
    const detail = `Slack answered ${answer.status}.`;
    // Too many: nothing was taken. Of an error inside Slack nobody knows whether the message was.
    if (answer.status === 429) return { status: 'again', detail };
    return { status: answer.status >= 500 ? 'unknown' : 'error', detail };
  } catch (error) {
    if (!(error instanceof ReosError)) return { status: 'unknown', detail: messageOf(error) };
    if (error.code !== 'transient') return { status: 'error', detail: `Slack was not asked (${error.code}).` };
    const reason = error.details?.['reason'];
    const isUnsent = typeof reason === 'string' && NOT_CONNECTED.includes(reason);
    return { status: isUnsent ? 'again' : 'unknown', detail: 'No answer came from Slack.' };
  }
}
