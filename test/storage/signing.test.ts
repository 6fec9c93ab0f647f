import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoKey, safeFileName } from '../../src/storage/object-store.ts';
import { signPath, verifySignedPath } from '../../src/storage/signing.ts';

const now = () => 1_741_773_600_000;
const signer = { secret: 'a secret of more than thirty-two bytes', now };
const key = memoKey('6f0d8a52-2a1f-4c1d-9a53-0a5f8f1f7d11', 'ab'.repeat(32));

describe('signed paths', () => {
  it('are accepted for 24 hours, to the second', () => {
    const path = signPath(signer, key, { contentType: 'application/pdf', fileName: 'Memo 418 Larkspur.pdf' });
    expect(path).toMatch(/^\/files\/tenants\/[0-9a-f-]{36}\/memos\/[0-9a-f]{64}\.pdf\?expires=\d{10}&signature=/);
    expect(verifySignedPath(signer, path)).toEqual({
      ok: true,
      key,
      contentType: 'application/pdf',
      fileName: 'Memo 418 Larkspur.pdf',
      expiresAt: new Date(now() + 86_400_000),
    });
    const at = (ms: number) => verifySignedPath({ ...signer, now: () => now() + ms }, `https://api.example${path}`);
    expect(at(86_399_999)).toMatchObject({ ok: true, key });
    expect(at(86_400_000)).toEqual({ ok: false, reason: 'expired' });
  });

  it('are refused when any part was changed, added or taken away', () => {
    const path = signPath(signer, key, { contentType: 'application/pdf' });
    const changes = [
      path.replace('/memos/ab', '/memos/ac'),
      path.replace(/expires=(\d+)/, (_all, seconds: string) => `expires=${Number(seconds) + 1}`),
      path.replace('application%2Fpdf', 'text%2Fhtml'),
      path.replace(/&type=.*/, ''),
      `${path}&name=x.html`,
      `${path}&expires=9999999999`,
      path.replace(/signature=./, (text) => (text.endsWith('A') ? 'signature=B' : 'signature=A')),
      path.replace(/signature=[^&]*/, 'signature='),
      path.replace('/files/', '/file/'),
      path.replace('tenants/', 'tenants%2F..%2F..%2F'),
      '/files/',
      'http://[broken',
      '',
    ];
    for (const changed of changes) expect(verifySignedPath(signer, changed), changed).toMatchObject({ ok: false });
    expect(verifySignedPath({ ...signer, secret: 'another secret of thirty-two bytes!!' }, path)).toEqual({
      ok: false,
      reason: 'bad_signature',
    });
  });

  it('never throw on what comes in', () => {
    const address = fc
      .tuple(fc.string(), fc.string({ unit: 'binary' }))
      .map(([path, query]) => `https://files.example/${path}?expires=${query}&signature=${query}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), address), (text) => {
        expect(verifySignedPath(signer, text).ok).toBe(false);
        expect(verifySignedPath(signer, `/files/${text}`).ok).toBe(false);
      }),
    );
  });

  it('are not made with a short secret, an odd expiry or a key that leaves the store', () => {
    expect(() => signPath({ secret: 'short' }, key)).toThrow(/32 bytes/);
    for (const expiresSeconds of [0, -1, 1.5, Number.NaN, 604_801]) {
      expect(() => signPath(signer, key, { expiresSeconds })).toThrow(/signed URL/);
    }
    for (const bad of [
      '',
      '/a',
      'a//b',
      '../a',
      'a/../b',
      'a/.b',
      'a\\b',
      'a\0b',
      'a/',
      'a?b',
      'a%2e',
      'x'.repeat(600),
    ]) {
      expect(() => signPath(signer, bad), bad).toThrow(/storage key/);
    }
  });
});

describe('names', () => {
  it('of memos hold the tenant and the hash, and refuse anything else', () => {
    expect(key).toBe(`tenants/6f0d8a52-2a1f-4c1d-9a53-0a5f8f1f7d11/memos/${'ab'.repeat(32)}.pdf`);
    expect(() => memoKey('../../etc', 'ab'.repeat(32))).toThrow(/uuid/);
    expect(() => memoKey('6f0d8a52-2a1f-4c1d-9a53-0a5f8f1f7d11', 'AB'.repeat(32))).toThrow(/SHA-256/);
  });

  it('of downloads fit into a header', () => {
    expect(safeFileName('M\u00e9mo "1"\r\nX: y/../é.pdf')).toBe('Memo 1X y..e.pdf');
    expect(safeFileName('\u05e9')).toBe('file');
  });
});
