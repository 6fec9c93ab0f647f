import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadMarketSources } from '../../src/config/market-sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'reos sources '));
afterAll(() => rmSync(folder, { recursive: true }));
const load = (text: string, env: Record<string, string> = {}) => {
  const path = join(folder, 'sources.yaml');
  writeFileSync(path, text);
  return loadMarketSources(path, env);
};

const SQL = `sources:
  - name: crm
    tenant: acme
    kind: sql
    url: "postgres://reader:\${CRM_PASSWORD}@crm.example/crm"
    feed: offer_events
    query: select * from offers
    cursor: { column: changed_at }
`;
const RESO = `sources:
  - name: mls
    tenant: acme
    kind: reso
    url: https://api.mls.example/odata
`;

describe('the file of sources', () => {
  it('takes passwords from the environment and fills what is left open', async () => {
    expect(await load(SQL, { CRM_PASSWORD: 'a "b" \\c #d' })).toMatchObject([
      {
        url: 'postgres://reader:a "b" \\c #d@crm.example/crm',
        tls: 'verify',
        page: 5_000,
        cursor: { overlap_seconds: 300 },
      },
    ]);
    expect(await load(`${RESO}    token: t\n`)).toMatchObject([
      { resource: 'Property', market: '{City}, {StateOrProvince}' },
    ]);
    expect(await load('sources: []')).toEqual([]);
  });

  it.each([
    ['a variable that is not set', SQL, /sources\.yaml:5: the variable CRM_PASSWORD is not set/],
    [
      'another statement than a SELECT',
      SQL.replace(/\$\{CRM_PASSWORD\}/, 'x').replace('select *', 'delete'),
      /:7: .*must be one SELECT/,
    ],
    ['an MLS without a way in', RESO, /either token or oauth/],
    ['a mistyped key', `${RESO}    token: t\n    tokn: t\n`, /tokn/],
    ['two of one name', `${RESO}    token: t\n${RESO.slice('sources:\n'.length)}    token: t\n`, /same name/],
  ])('refuses %s, with its line', async (_name, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
  });

  it('says that it is not there', async () => {
    await expect(loadMarketSources(join(folder, 'none.yaml'), {})).rejects.toMatchObject({ code: 'not_found' });
  });
});
