import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { declareSchedules } from '../../src/client/schedules.ts';
import { openCounties } from '../../src/config/county-index.ts';

const ROOT = process.cwd();
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => join('docs', name)),
];
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');

function anchorsOf(text: string): Set<string> {
  return new Set([...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? '')));
}

/** Links that lead nowhere, as `target (reason)`. */
function brokenLinks(name: string): string[] {
  return [...withoutCode(read(name)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(ROOT, name) : resolve(ROOT, dirname(name), path);
    if (!existsSync(file)) return [`${target} (no such file)`];
    if (anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).has(anchor)) return [];
    return [`${target} (no such heading)`];
  });
}

/** Verbs named as code that the command line does not have. */
function unknownVerbs(text: string): string[] {
  const paths = Object.keys(COMMANDS);
  const code = [...text.matchAll(/`([^`\n]+)`/g), ...text.matchAll(/^```[a-z]*\n([\s\S]*?)^```/gm)].map(
    ([, words = '']) => words,
  );
  const calls = code.flatMap((words) => [
    ...words.matchAll(/(?:^|[\s;(])reos +([a-z][a-z-]*)(?: +([a-z][a-z0-9-]*))?/gm),
  ]);
  return calls.flatMap(([, first = '', second = '']) => {
    const both = `${first} ${second}`;
    const known = paths.some((path) => path === first || path === both || path.startsWith(`${both} `));
    return known ? [] : [`reos ${first} ${second}`.trim()];
  });
}

/** The names in the schema of src/settings-schema.ts. */
function variablesInCode(): string[] {
  const schema = /z\.object\(\{([\s\S]*?)\n\}\);/.exec(read('src/settings-schema.ts'))?.[1] ?? '';
  return [...schema.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name).sort();
}

describe('the documentation', () => {
  it.each(DOCUMENTS)('%s: every relative link leads to a file and a heading', (name) => {
    expect(brokenLinks(name)).toEqual([]);
  });

  it.each(DOCUMENTS)('%s: every reos verb exists', (name) => {
    expect(unknownVerbs(read(name))).toEqual([]);
  });

  it('the README’s table holds every environment variable, and no other', () => {
    const inCode = variablesInCode();
    const section = /^## Settings$([\s\S]*?)^## /m.exec(read('README.md'))?.[1] ?? '';
    const inTable = [...section.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map(([, name = '']) => name);
    expect(inCode.length).toBeGreaterThan(20);
    expect([...inTable].sort()).toEqual(inCode);
  });

  it('docs/api.md has every code that an error can have, and no other', () => {
    const table = /^\| code \| status \|[\s\S]*?\n\n/m.exec(read('docs/api.md'))?.[0] ?? '';
    const rows = [...table.matchAll(/^\| (`.+?`) \| (\d{3}) \|/gm)];
    const told = rows.flatMap(([, codes = '', status]) =>
      [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => `${code} ${status}`),
    );
    const [, inCode = ''] = /const STATUS[^{]*\{([^}]*)\}/.exec(read('src/api/problem.ts')) ?? [];
    const real = [...inCode.matchAll(/(\w+): (\d{3})/g)].map(([, code, status]) => `${code} ${status}`);
    expect(real.length).toBeGreaterThan(15);
    expect(told.sort()).toEqual(real.sort());
  });

  it('docs/operations.md has every schedule, and no other', async () => {
    const { all } = await openCounties(join(ROOT, 'config'));
    const real = declareSchedules(all.slice(0, 1)).map(({ id }) => id.replace(/:.*/, ''));
    const section = /^## Schedules$([\s\S]*?)^## /m.exec(read('docs/operations.md'))?.[1] ?? '';
    const told = [...section.matchAll(/^\| `([a-z_]+)/gm)].map(([, id = '']) => id);
    expect(told.sort()).toEqual(real.sort());
  });

  it('docs/cli.md has a heading for every verb', () => {
    const headings = [...read('docs/cli.md').matchAll(/^### reos (.+)$/gm)].map(([, path = '']) => path);
    expect(headings.sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it('the checks find what is wrong', () => {
    expect(unknownVerbs('see `reos frobnicate all`')).toEqual(['reos frobnicate all']);
    expect(unknownVerbs('see `reos ratio-nonsense`')).toEqual(['reos ratio-nonsense']);
    expect(unknownVerbs('run `npx reos ratio-study --sales FILE`')).toEqual([]);
    expect(unknownVerbs('run `npx reos lifecycle list --json`')).toEqual([]);
  });
});
