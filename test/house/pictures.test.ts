import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';

const MOST_BYTES = 200_000;

it('the README shows pictures that are there, said in words, and small enough to load at once', () => {
  const text = readFileSync('README.md', 'utf8');
  const pictures = [...text.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
  expect(pictures.length).toBeGreaterThan(0);
  for (const [, words, path] of pictures) {
    expect(words!.length, `${path} is said in words`).toBeGreaterThan(20);
    expect(statSync(path!).size, `bytes of ${path}`).toBeLessThanOrEqual(MOST_BYTES);
  }
});
