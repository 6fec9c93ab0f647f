/** A piece of a line. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'emphasis'; parts: Inline[] };

/** A part of a text. */
export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3 | 4; parts: Inline[] }
  | { kind: 'paragraph'; parts: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'table'; header: Inline[][]; rows: Inline[][][] };

/** The text of a line without its marks. */
export function plainText(parts: readonly Inline[]): string {
  return parts.map((part) => ('text' in part ? part.text : plainText(part.parts))).join('');
}

/** Whether a cell is a figure, or empty: money, a share, a count, with its unit. */
export const isFigure = (parts: readonly Inline[]): boolean =>
  /^[-−+]?\$?[-−]?[\d.,]*\d[%KMB]?( (days|homes|pts|points|weeks|months))?$|^$/.test(plainText(parts).trim());

/** Whether a column has figures alone: they stand under each other. */
export const isFigureColumn = (rows: ReadonlyArray<readonly Inline[][]>, at: number): boolean =>
  rows.length > 0 && rows.every((row) => isFigure(row[at] ?? []));

const HEADING = /^(#{1,6})\s+(.*)$/;
const BULLET = /^\s*[-*]\s+(.*)$/;
const NUMBERED = /^\s*\d{1,3}[.)]\s+(.*)$/;
const RULE = /^\|?\s*:?-{3,}/;

/**
 * The Markdown that briefings are written in: headings, paragraphs, lists, tables, strong, emphasised and code. All else,
 * also links and HTML, stays text as it is written.
 */
export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const takeWhile = (holds: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && holds(lines[at] ?? '')) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = HEADING.exec(line);
    if (line.trim() === '') at += 1;
    else if (heading !== null) {
      const level = Math.min(4, heading[1]?.length ?? 1) as 1 | 2 | 3 | 4;
      blocks.push({ kind: 'heading', level, parts: parseInline(heading[2] ?? '') });
      at += 1;
    } else if (line.startsWith('|') && RULE.test(lines[at + 1] ?? '')) {
      const [header = '', , ...rows] = takeWhile((one) => one.startsWith('|'));
      blocks.push({ kind: 'table', header: cellsOf(header), rows: rows.map(cellsOf) });
    } else if (BULLET.test(line) || NUMBERED.test(line)) {
      const pattern = BULLET.test(line) ? BULLET : NUMBERED;
      const items = takeWhile((one) => pattern.test(one));
      const texts = items.map((one) => parseInline(pattern.exec(one)?.[1] ?? ''));
      blocks.push({ kind: 'list', isOrdered: pattern === NUMBERED, items: texts });
    } else {
      const first = at;
      const words = takeWhile((one) => at === first || isPlain(one));
      blocks.push({ kind: 'paragraph', parts: parseInline(words.join(' ')) });
    }
  }
  return blocks;
}

const isPlain = (line: string) =>
  line.trim() !== '' && !HEADING.test(line) && !BULLET.test(line) && !NUMBERED.test(line) && !line.startsWith('|');

/** Cells of a line of a table; a bar behind a backslash is text. */
function cellsOf(line: string): Inline[][] {
  const cells: string[] = [];
  let cell = '';
  for (let at = 1; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (sign === '\\') {
      cell += sign + (line[at + 1] ?? '');
      at += 1;
    } else if (sign === '|') {
      cells.push(cell);
      cell = '';
    } else cell += sign;
  }
  if (cell.trim() !== '') cells.push(cell);
  return cells.map((one) => parseInline(one.trim()));
}

const ESCAPED = /[\\`*_[\]<>|#{}()+\-.!]/;

/** Strong, emphasised and code within a line; what does not close is text. */
export function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (sign === '\\' && ESCAPED.test(next)) {
      plain += next;
      at += 1;
      continue;
    }
    const mark = sign === '`' ? '`' : sign === '*' ? (next === '*' ? '**' : '*') : '';
    const end = mark === '' ? -1 : closing(text, mark, at + mark.length);
    if (end < 0) {
      plain += sign;
      continue;
    }
    flush();
    const inner = text.slice(at + mark.length, end);
    if (mark === '`') parts.push({ kind: 'code', text: inner.replaceAll(/\\([`\\])/g, '$1') });
    else parts.push({ kind: mark === '**' ? 'strong' : 'emphasis', parts: parseInline(inner) });
    at = end + mark.length - 1;
  }
  flush();
  return parts;
}

/** Where a mark closes; −1 when it does not, or when nothing stands between. */
function closing(text: string, mark: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (at > from && text.startsWith(mark, at) && (mark !== '*' || text[at + 1] !== '*')) return at;
    else if (mark === '*' && text.startsWith('**', at)) at += 1;
  }
  return -1;
}
