import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIST_KEYS } from '../../src/web/screens/properties/keys.ts';

describe('the keys of the list', () => {
  it('are told by the documentation as the screen tells them', () => {
    const page = readFileSync('docs/dashboard.md', 'utf8');
    const part = page.slice(page.indexOf('## Keys'), page.indexOf('\n## ', page.indexOf('## Keys') + 1));
    const rows = [...part.matchAll(/^\| (`.+?) \| (.+) \|$/gm)].map(([, keys = '', what = '']) => [
      keys.replaceAll('`', ''),
      what,
    ]);
    expect(rows).toEqual(LIST_KEYS.map(([keys, what]) => [keys, what]));
  });

  it('are those that the screen hears', () => {
    const source = (name: string) => readFileSync(`src/web/screens/properties/${name}`, 'utf8');
    const heard = ['use-list-keys.ts', 'use-decisions.tsx', 'toolbar.tsx'].map(source).join('\n');
    const keys = LIST_KEYS.flatMap(([names]) => names.split(' or ')).filter(
      (key) => !['/', 'Space', 'u', 'Ctrl+Z'].includes(key),
    );
    const names: Record<string, string> = { '↓': 'ArrowDown', '↑': 'ArrowUp', '?': "'?'" };
    for (const key of keys)
      expect(heard, key).toMatch(new RegExp(`(^|[\\s{])${(names[key] ?? key).replace('?', '\\?')}:`, 'm'));
  });
});
