/** What a message from a recipient is. */
export type InboundKind = 'reply' | 'auto_reply' | 'stop' | 'help' | 'start';

// What carriers and Twilio take as opting out, in and asking for help (Twilio, "Advanced Opt-Out" and CTIA's Messaging
// Principles); one of them as the whole text. REVOKE and OPTOUT since the FCC's rule on revoking consent of April 2025.
const STOP_WORDS = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const START_WORDS = new Set(['START', 'UNSTOP', 'YES']);
const HELP_WORDS = new Set(['HELP', 'INFO']);

/**
 * What a text message asks for: a keyword alone, whatever its case and the punctuation around it (`Stop.`, `opt-out`),
 * else a reply.
 */
export function kindOfText(text: string): InboundKind {
  const word = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z\s]/g, '')
    .trim();
  const joined = word.replace(/^(STOP|OPT)\s+(ALL|OUT)$/, '$1$2');
  if (STOP_WORDS.has(joined)) return 'stop';
  if (START_WORDS.has(joined)) return 'start';
  return HELP_WORDS.has(joined) ? 'help' : 'reply';
}

/** The parts of an e-mail that decide what it is. Header names in lower case. */
export interface InboundEmail {
  headers: ReadonlyMap<string, string>;
  subject: string;
  text: string;
}

const AWAY_SUBJECT =
  /^\s*(re:\s*)?(\[?auto(matic|matische)?[ -]?(reply|response|antwort)\b|autoreply|out of (the )?office|away from (the )?office|on vacation|abwesenheit|respuesta autom|réponse automatique)/i;

/**
 * What an e-mail from a recipient is. Written by a machine (RFC 3834 `Auto-Submitted`, the usual headers of responders,
 * subjects of absence, delivery reports): `auto_reply`. A short wish to hear no more, with nothing else above the quoted
 * message: `stop`. Anything else: `reply`.
 */
export function kindOfEmail(email: InboundEmail): 'reply' | 'auto_reply' | 'stop' {
  if (isAutomatic(email)) return 'auto_reply';
  const words = ownText(email.text) || email.subject.replace(/^\s*(re:\s*)+/i, '');
  return isOptOut(words) ? 'stop' : 'reply';
}

function isAutomatic({ headers, subject }: InboundEmail): boolean {
  const submitted = headers.get('auto-submitted')?.trim().toLowerCase();
  if (submitted !== undefined && !submitted.startsWith('no')) return true;
  const precedence = headers.get('precedence')?.trim().toLowerCase();
  if (precedence !== undefined && ['auto_reply', 'auto-reply', 'bulk', 'junk', 'list'].includes(precedence))
    return true;
  if (['x-autoreply', 'x-autorespond', 'x-auto-reply-from'].some((name) => headers.has(name))) return true;
  if (headers.get('return-path')?.trim() === '<>') return true;
  if (headers.get('content-type')?.toLowerCase().startsWith('multipart/report') === true) return true;
  return AWAY_SUBJECT.test(subject);
}

// Polite words may stand around the wish; anything more is a message that a person has to read.
const OPT_OUT =
  /^(please )?(unsubscribe|stop|remove|opt ?out|stop (emailing|e ?mailing|writing|contacting)|take)( ?me)?( (off|from))?( (of|from))?( (this|the|your|my))?( (mailing|e ?mail|address))?( ?list)?( (please|now|thanks|thank you))*$/i;

function isOptOut(text: string): boolean {
  const words = text
    .normalize('NFKC')
    .replace(/[^\p{L}\s]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length > 0 && words.length <= 60 && !/^take$/i.test(words) && OPT_OUT.test(words);
}

/** What the sender wrote: the lines above a quotation or a signature. */
export function ownText(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  const end = lines.findIndex(
    (line) =>
      /^\s*>/.test(line) ||
      /^-- ?$/.test(line) ||
      /^\s*-{2,}\s*original message/i.test(line) ||
      /^\s*_{10,}/.test(line) ||
      /^\s*On .{4,200}wrote:\s*$/i.test(line) ||
      /^\s*On .{4,120}<?[^\s<>]+@[^\s<>]+>?\s*$/i.test(line) ||
      /^\s*From: .+/i.test(line) ||
      /^\s*Sent from my /i.test(line),
  );
  return (end === -1 ? lines : lines.slice(0, end)).join('\n').trim();
}

/** The reply tokens among addresses such as `reply+TOKEN@replies.example.com`, in any header's spelling. */
export function replyTokens(addresses: readonly string[]): string[] {
  const found = addresses.flatMap((text) =>
    [...text.slice(0, 10_000).matchAll(/\breply\+([A-Za-z0-9_-]{8,64})@/gi)].map((match) => match[1] as string),
  );
  return [...new Set(found)].slice(0, 10);
}

/** Local parts of the message ids that an e-mail answers (In-Reply-To, References), newest first, at most 20. */
export function answeredIds(headers: ReadonlyMap<string, string>): string[] {
  const text = `${headers.get('references') ?? ''} ${headers.get('in-reply-to') ?? ''}`.slice(0, 20_000);
  const ids = [...text.matchAll(/<([^<>@\s]{1,200})@[^<>\s]{1,200}>/g)].map((match) => match[1] as string);
  return [...new Set(ids.reverse())].slice(0, 20);
}

/** The bare address of a From header or envelope, in lower case; null when there is none. */
export function bareAddress(text: string): string | null {
  const found = /<([^<>\s]+@[^<>\s]+)>/.exec(text) ?? /([^\s<>"',;]+@[^\s<>"',;]+)/.exec(text);
  return found?.[1]?.toLowerCase() ?? null;
}
