import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { initialScripts } from './support/budget.ts';

const FOLDER = fileURLToPath(new URL('../../dist/web', import.meta.url));

it('loads at most 250 kB of compressed script before the first screen', () => {
  const bytes = initialScripts(FOLDER);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(250_000);
});

it('has nothing in its page that a strict policy would refuse', () => {
  const page = readFileSync(`${FOLDER}/index.html`, 'utf8');
  expect(page).not.toMatch(/<style|style=|\son[a-z]+=|<script(?![^>]*\ssrc=)/i);
});
