import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { createMemoActivities } from '../../../src/activities/memo/memo.ts';
import { renderMemo } from '../../../src/activities/memo/render-memo.ts';
import { readBranding, saveBranding } from '../../../src/db/queries/branding.ts';
import { loadTemplate, saveTemplate } from '../../../src/db/queries/templates.ts';
import type { MemoInput } from '../../../src/domain/memo/input.ts';
import { MEMO_SECTION_KEYS } from '../../../src/domain/memo/sections.ts';
import { chooseVariant } from '../../../src/domain/memo/variant.ts';
import { asTenant } from '../../db/queries/records.ts';
import { jpegOf, pngOf } from '../../domain/memo/sample-images.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { benchDeps, runActivity } from '../platform/bench.ts';

let t: TestDatabase;
let server: Server;
let origin: string;
let deps: ActivityDeps;
let inputs: MemoInput[];
const asked: string[] = [];

const SMALL = `<mjml><mj-body><mj-section><mj-column><mj-text>${MEMO_SECTION_KEYS.map((key) => `{{titles.${key}}}`).join(' ')}
{{header.address}} {{score.value}} {{simulatedNotice}} {{#disclaimer}}{{.}}{{/disclaimer}}</mj-text></mj-column></mj-section></mj-body></mjml>`;

/** Prints the words of the page instead of a PDF, with the real template and model. */
const renderer = { render: async (html: string) => ({ pdf: Buffer.from(html), pages: 1 }) };

beforeAll(async () => {
  t = await createTestDatabase();
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/gone.jpg') response.writeHead(404).end('gone');
    else if (request.url === '/page.jpg') response.writeHead(200, { 'content-type': 'image/jpeg' }).end('<html>');
    else if (request.url === '/big.png') response.writeHead(200).end(Buffer.alloc(5 * 1024 * 1024 + 1));
    else if (request.url === '/cut.png') response.writeHead(200).end(pngOf(64, 48).subarray(0, -6));
    else response.writeHead(200).end(request.url?.endsWith('.jpg') ? jpegOf(64, 48) : pngOf(64, 48));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  deps = benchDeps(t, {
    sourceBaseUrls: { 'fsbo-site': origin },
    renderMemo: async (input) => {
      inputs.push(input);
      return renderMemo({ renderer }, input);
    },
  });
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await t.close();
});

/** A scored property with pictures at these addresses. */
async function property(images: string[] = [], columns: Record<string, unknown> = {}): Promise<string> {
  const all = {
    tenant_id: t.tenantId,
    county_fips: '53033',
    status: 'scored',
    address: '12 Elm St',
    apn: `9${Math.random().toString().slice(2, 11)}`,
    sqft: 1_500,
    latitude: 47.6,
    longitude: -122.2,
    list_price_cents: 50_000_000,
    bird_dog_score: 70,
    ...columns,
  };
  const names = Object.keys(all);
  const [row] = await t.query<{ id: string }>(
    `insert into properties (id, ${names.join(', ')}) values (gen_random_uuid(), ${names.map((_, n) => `$${n + 1}`).join(', ')}) returning id`,
    Object.values(all),
  );
  const id = row?.id ?? '';
  for (const [position, url] of images.entries()) {
    await t.query(
      `insert into property_images (tenant_id, property_id, url, source, position) values ($1, $2, $3, 'fsbo-site', $4)`,
      [t.tenantId, id, url, position],
    );
  }
  await t.query(
    `insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, confidence,
       estimated_value_cents, value_low_cents, value_high_cents, reference_price_cents, reference_price_kind,
       score_components, reasons, features_used, weights_version, model_version, as_of, inputs_hash)
     values ($1, $2, 70, 70, 30, 0.7, 60000000, 55000000, 65000000, 50000000, 'asking', '[]', '[]', '{}', 'w', 'm', '2026-03-01', 'h')`,
    [t.tenantId, id],
  );
  return id;
}

const write = async (propertyId: string) => {
  inputs = [];
  return runActivity(createMemoActivities(deps).generateMemo, { tenantId: t.tenantId, propertyId });
};
const imagesOf = (id: string) =>
  t.query<{ url: string; status: string; reason: string | null; storage_key: string | null; bytes: number | null }>(
    'select url, status, reason, storage_key, bytes from property_images where property_id = $1 order by position',
    [id],
  );
const packetsOf = (id: string) =>
  t.query<{ variant: string | null; template_version: string; status: string }>(
    'select variant, template_version, status from action_packets where property_id = $1 order by created_at',
    [id],
  );

describe('pictures of a memo', () => {
  it('are fetched once, checked, kept by content, and stand in the memo itself', async () => {
    const id = await property([`${origin}/a.png`, `${origin}/b.jpg`]);
    expect(await write(id)).toMatchObject({ status: 'packet_ready' });
    expect(inputs[0]?.images.map((image) => image.slice(0, 22))).toEqual([
      'data:image/png;base64,',
      'data:image/jpeg;base64',
    ]);
    const rows = await imagesOf(id);
    expect(rows.map(({ status, bytes }) => [status, bytes])).toEqual([
      ['stored', pngOf(64, 48).length],
      ['stored', jpegOf(64, 48).length],
    ]);
    expect(rows[0]?.storage_key).toMatch(new RegExp(`^tenants/${t.tenantId}/images/[0-9a-f]{64}\\.png$`));
    const [count, first] = [asked.length, inputs[0]];
    await write(id);
    expect(asked).toHaveLength(count);
    expect(inputs[0]).toEqual(first);
  });

  it('are left out with the reason when they fail, and the memo is written all the same', async () => {
    const urls = ['gone.jpg', 'page.jpg', 'big.png', 'cut.png'].map((name) => `${origin}/${name}`);
    const id = await property(urls);
    expect(await write(id)).toMatchObject({ status: 'packet_ready' });
    expect(inputs[0]?.images).toEqual([]);
    expect((await imagesOf(id)).map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
      'failed: the server answered 404',
      expect.stringMatching(/^failed: it is no JPEG, PNG, WebP or GIF/),
      expect.stringMatching(/^failed: .*5,?242,?880|^failed: .*larger|^failed: .*bytes/),
      'failed: the picture is cut off',
    ]);
    const count = asked.length;
    await write(id);
    expect(asked).toHaveLength(count);
    await t.query(`update property_images set fetched_at = now() - interval '25 hours' where property_id = $1`, [id]);
    await write(id);
    expect(asked).toHaveLength(count + 4);
  });

  it('at private addresses and of other schemes are never asked for', async () => {
    const id = await property([
      'http://127.0.0.1:9/a.png',
      'http://169.254.169.254/latest',
      'file:///etc/passwd',
      'ftp://x.example/a',
    ]);
    await write(id);
    const rows = await imagesOf(id);
    expect(rows.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(rows.every(({ reason }) => (reason ?? '').length > 10)).toBe(true);
  });

  it('are four at most', async () => {
    const id = await property([1, 2, 3, 4, 5, 6].map((n) => `${origin}/${n}.png`));
    await write(id);
    expect(inputs[0]?.images).toHaveLength(4);
    expect((await imagesOf(id)).filter(({ status }) => status === 'pending')).toHaveLength(2);
  });
});

describe('a tenant’s design', () => {
  it('is the product’s until the tenant sets its own, part by part', async () => {
    expect(await asTenant(t, readBranding)).toMatchObject({ companyName: null, memoVariants: [] });
    await asTenant(t, (trx) => saveBranding(trx, { companyName: 'Harbor Street', accentColor: '#aa0000' }));
    await asTenant(t, (trx) => saveBranding(trx, { tagline: 'Honest numbers', accentColor: null }));
    await write(await property());
    expect(inputs[0]?.tenant).toMatchObject({
      name: 'Harbor Street',
      brand: { tagline: 'Honest numbers', accentColor: null, logo: null },
    });
    expect(inputs[0]?.outlines?.county.name).toBe('King County');
    expect(inputs[0]?.template).toBeUndefined();
  });

  it('takes the newest version of its template, and records which', async () => {
    const id = await property();
    await write(id);
    await asTenant(t, (trx) =>
      saveTemplate(trx, { kind: 'memo', name: 'investor-memo', parts: { mjml: SMALL, css: '' }, createdBy: 'test' }),
    );
    await write(id);
    const parts = { mjml: SMALL.replace('{{score.value}}', '{{score.value}} points'), css: '' };
    await asTenant(t, (trx) => saveTemplate(trx, { kind: 'memo', name: 'investor-memo', parts, createdBy: 'test' }));
    await write(id);
    expect(inputs[0]?.template).toMatchObject({ name: 'investor-memo', version: 2 });
    const packets = await packetsOf(id);
    expect(new Set(packets.map(({ template_version }) => template_version)).size).toBe(3);
    expect(packets.map(({ status }) => status).sort()).toEqual(['generated', 'superseded', 'superseded']);
  });

  it('tries variants against each other, each property with its own, and records which', async () => {
    const variants = [
      { name: 'investor-memo', weight: 1 },
      { name: 'plain', weight: 1 },
    ];
    await asTenant(t, (trx) =>
      saveTemplate(trx, { kind: 'memo', name: 'plain', parts: { mjml: SMALL, css: 'p {}' }, createdBy: 'test' }),
    );
    await asTenant(t, (trx) => saveBranding(trx, { memoVariants: variants }));
    const seen = new Set<string | null>();
    for (let count = 0; count < 6; count += 1) {
      const id = await property();
      await write(id);
      const [packet] = await packetsOf(id);
      expect(packet?.variant).toBe(chooseVariant(variants, id));
      seen.add(packet?.variant ?? null);
    }
    expect([...seen].every((name) => name === 'plain' || name === 'investor-memo')).toBe(true);
  });

  it('fails the memo of a broken template with its name, and no other', async () => {
    const good = { name: 'plain', weight: 1 };
    const broken = { name: 'broken', weight: 1 };
    await asTenant(t, (trx) =>
      saveTemplate(trx, {
        kind: 'memo',
        name: 'broken',
        parts: { mjml: SMALL.replace('{{score.value}}', '{{score.worth}}') },
        createdBy: 'test',
      }),
    );
    await asTenant(t, (trx) => saveBranding(trx, { memoVariants: [good, broken] }));
    const ids = await Promise.all(Array.from({ length: 8 }, () => property()));
    const results = [];
    for (const id of ids)
      results.push(
        await write(id).then(
          () => 'written',
          (error: Error) => error.message,
        ),
      );
    const expected = ids.map((id) => (chooseVariant([good, broken], id) === 'plain' ? 'written' : 'failed'));
    expect(results.map((result) => (result === 'written' ? 'written' : 'failed'))).toEqual(expected);
    for (const message of results.filter((result) => result !== 'written')) {
      expect(message).toMatch(/memo template 'broken' \(version 1\).*\{\{score\.worth\}\}/);
    }
    await asTenant(t, (trx) => saveBranding(trx, { memoVariants: [{ name: 'absent', weight: 1 }] }));
    await expect(write(ids[0] ?? '')).rejects.toMatchObject({
      code: 'template',
      message: expect.stringContaining("'absent'"),
    });
    await asTenant(t, (trx) => saveBranding(trx, { memoVariants: [] }));
  });

  it('fails a memo that lacks what its template requires, naming template and field, and no other', async () => {
    const last = await asTenant(t, (trx) => loadTemplate(trx, 'memo', 'investor-memo'));
    const mjml = SMALL.replace('<mj-body>', '<mj-body>{{! requires: header.street header.image }}');
    await asTenant(t, (trx) =>
      saveTemplate(trx, { kind: 'memo', name: 'investor-memo', parts: { mjml }, createdBy: 'test' }),
    );
    const version = (last?.version ?? 0) + 1;
    const whole = await property([`${origin}/whole.png`]);
    const withoutStreet = await property([`${origin}/other.png`], { address: null });
    const withoutImage = await property();
    expect(await write(whole)).toMatchObject({ status: 'packet_ready' });
    await expect(write(withoutStreet)).rejects.toMatchObject({
      code: 'template',
      message: expect.stringContaining(`'investor-memo' (version ${version}) requires {{header.street}}`),
    });
    await expect(write(withoutImage)).rejects.toMatchObject({
      message: expect.stringContaining(`requires {{header.image}}, which property ${withoutImage}`),
    });
  });
});
