import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BESIDE, planOf } from '../../src/web/service-worker-rules.ts';

const HERE = 'https://reos.example';
const plan = (path: string, { mode = 'navigate', method = 'GET' } = {}) =>
  planOf({ method, mode, url: new URL(path, HERE).href }, HERE);

describe('what the service worker keeps', () => {
  it('keeps the shell: the page of every screen, the assets, and the files beside them', () => {
    for (const path of ['/', '/properties', '/properties/123?tab=score', '/settings/users', '/sign-in?next=%2Fupload'])
      expect(plan(path)).toBe('page');
    expect(plan('/assets/index-abc.js', { mode: 'no-cors' })).toBe('asset');
    for (const path of ['/theme.js', '/icon.svg', '/manifest.webmanifest', '/dashboard.json'])
      expect(plan(path, { mode: 'no-cors' })).toBe('beside');
  });

  it('never keeps answers of the API, files of a tenant, or pages that are no screens', () => {
    const paths = [
      '/api/v1/properties',
      '/api',
      '/files/tenants/1/memo.pdf',
      '/docs',
      '/openapi.json',
      '/mcp',
      '/health',
    ];
    for (const path of [...paths, '/unsubscribe/x', '/interested/x', '/webhook/sendgrid']) {
      expect(plan(path)).toBe('leave');
      expect(plan(path, { mode: 'cors' })).toBe('leave');
    }
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('cors', 'navigate', 'no-cors'), (name, mode) => {
        for (const room of ['/api', '/files'])
          expect(plan(`${room}/x${encodeURIComponent(name)}`, { mode })).toBe('leave');
      }),
    );
  });

  it('leaves what changes something, and other places, alone', () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect(plan('/', { method })).toBe('leave');
    expect(planOf({ method: 'GET', mode: 'no-cors', url: 'https://tiles.example/assets/1.png' }, HERE)).toBe('leave');
    expect(plan('/properties', { mode: 'cors' })).toBe('leave');
  });

  it('draws the line where the API draws it', async () => {
    const [server, worker] = await Promise.all(
      ['src/api/dashboard.ts', 'src/web/service-worker-rules.ts'].map((path) => readFile(path, 'utf8')),
    );
    const line = (text: string | undefined) => /NOT_SCREENS = (.+);/.exec(text ?? '')?.[1];
    expect(line(worker)).toBe(line(server));
    for (const file of BESIDE)
      expect(server).toContain(`'${file.slice(1)}'`.replace("'dashboard.json'", '/dashboard.json'));
  });
});

describe('the web app manifest', () => {
  it('can be installed: icons that are there, in the sizes that it says', async () => {
    const folder = 'src/web/public';
    const manifest = JSON.parse(await readFile(`${folder}/manifest.webmanifest`, 'utf8'));
    expect(manifest).toMatchObject({ start_url: '/', scope: '/', display: 'standalone' });
    const pngs = (manifest.icons as Array<{ src: string; sizes: string; type: string; purpose: string }>).filter(
      ({ type }) => type === 'image/png',
    );
    expect(pngs.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ]);
    for (const { src, sizes } of pngs) {
      const bytes = await readFile(folder + src);
      expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
      expect(BESIDE.has(src)).toBe(true);
    }
  });
});
