import { afterEach, describe, expect, it, vi } from 'vitest';
import { newKey } from '../../src/sdk/new-key.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('newKey', () => {
  it('is a random UUID, each time another', () => {
    const keys = Array.from({ length: 200 }, newKey);
    for (const key of keys)
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(keys).size).toBe(200);
  });

  it('needs nothing that a page on plain http lacks', () => {
    const { getRandomValues } = crypto;
    vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) });
    expect(newKey()).toHaveLength(36);
  });
});
