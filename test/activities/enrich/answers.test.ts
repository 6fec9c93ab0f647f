import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberOf, positiveOf, readRetryAfter, textOf } from '../../../src/activities/enrich/answers.ts';
import { centreOf } from '../../../src/activities/enrich/arcgis.ts';
import { femaFlood } from '../../../src/activities/enrich/fema-flood.ts';
import { PROVIDER_NAMES, PROVIDERS } from '../../../src/activities/enrich/registry.ts';
import { SUBJECT, startService, type TestService } from './serve.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const at = { ...SUBJECT, apn: '1234560070', latitude: 47.6, longitude: -122.3, zip: '98104' };
const subjectFor = (name: string) =>
  name === 'cook-county-assessor' ? { ...at, countyFips: '17031', apn: '16012160010000' } : at;

describe.each(PROVIDER_NAMES)('%s', (name) => {
  const provider = PROVIDERS[name];
  const ask = () => provider.fetch(service.deps(provider), subjectFor(name));

  it.each([
    [{ status: 429, headers: { 'retry-after': '7' }, body: '' }, 'transient'],
    [{ status: 500, body: 'oops' }, 'transient'],
    [{ status: 503, body: '' }, 'transient'],
    [{ status: 400, body: 'error: unknown variable' }, 'validation'],
    [{ status: 404, body: '' }, 'not_found'],
    [{ status: 401, body: '' }, 'auth_revoked'],
    [{ status: 403, body: '{}' }, 'auth_revoked'],
    [{ status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Access denied</html>' }, 'blocked'],
    [{ status: 202, headers: { 'content-type': 'text/html' }, body: '<html>challenge</html>' }, 'blocked'],
    [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>maintenance</html>' }, 'transient'],
    [{ status: 200, body: '{"result": [' }, 'transient'],
    [{ status: 200, body: '' }, 'transient'],
    [{ status: 200, body: '"surprise"' }, 'transient'],
    [{ status: 200, body: 'null' }, 'transient'],
  ])('turns %o into %s', async (reply, code) => {
    service.reply(reply);
    await expect(ask()).rejects.toMatchObject({ code, message: expect.stringContaining(name) });
  });

  it('passes the wait that a busy service asks for', async () => {
    service.reply({ status: 429, headers: { 'retry-after': '7' }, body: '' });
    await expect(ask()).rejects.toMatchObject({ retryAfterSeconds: 7 });
  });

  it('declares what the orchestration needs', () => {
    expect(provider.name).toBe(name);
    expect(provider.fields.length).toBeGreaterThan(0);
    expect(provider.cacheTtlSeconds).toBeGreaterThan(3600);
    expect(provider.rate.burst).toBeGreaterThanOrEqual(provider.rate.perSecond);
    expect(provider.defaultBaseUrl).toMatch(/^https:\/\//);
    expect(provider.coverage(subjectFor(name))).toBe(true);
    expect(provider.coverage(SUBJECT)).toBe(false);
    expect(provider.cacheKey(subjectFor(name))).not.toMatch(/undefined|null/);
  });
});

describe('ArcGIS errors inside HTTP 200', () => {
  it.each([
    [{ code: 400, message: 'Invalid query parameters', details: ["'where' is invalid"] }, 'validation'],
    [{ code: 400, message: 'Unable to complete operation.', details: [] }, 'transient'],
    [{ code: 500, message: 'Error performing query operation', details: [] }, 'transient'],
    [{ code: 504, message: 'Your request has timed out.' }, 'transient'],
    [{ code: 404, message: 'Service not found' }, 'not_found'],
    [{ code: 498, message: 'Invalid token' }, 'auth_revoked'],
    [{ code: 499, message: 'Token Required', details: null }, 'auth_revoked'],
    [{ message: 'Something' }, 'transient'],
  ])('%o is %s', async (error, code) => {
    service.reply({ body: { error } });
    await expect(femaFlood.fetch(service.deps(femaFlood), at)).rejects.toMatchObject({ code });
  });

  it('reads NaN as no value, and leaves text alone', async () => {
    service.reply({
      body: '{"features":[{"attributes":{"FLD_ZONE":"AE","ZONE_SUBTY":"NaN \\" Infinity","STATIC_BFE":NaN},"geometry":{"x":-Infinity,"y":NaN}}]}',
    });
    const answer = await femaFlood.fetch(service.deps(femaFlood), at);
    expect(answer.fields).toEqual({ floodZone: 'AE', floodRisk: 'high' });
  });
});

it('reads Retry-After in both forms and bounds it', () => {
  const date = 'Sat, 21 Nov 2026 03:00:00 GMT';
  expect(readRetryAfter({ headers: { 'retry-after': '12' } })).toBe(12);
  expect(readRetryAfter({ headers: { 'retry-after': 'Sat, 21 Nov 2026 03:01:30 GMT', date } })).toBe(90);
  expect(readRetryAfter({ headers: { 'retry-after': 'Sat, 21 Nov 2026 02:00:00 GMT', date } })).toBe(0);
  expect(readRetryAfter({ headers: { 'retry-after': '999999' } })).toBe(3600);
  expect(readRetryAfter({ headers: { 'retry-after': 'soon' } })).toBeUndefined();
  expect(readRetryAfter({ headers: {} })).toBeUndefined();
});

it('reads loose values strictly', () => {
  expect([numberOf('12.5'), numberOf(' '), numberOf('12abc'), numberOf(null), numberOf(Number.NaN)]).toEqual([
    12.5,
    null,
    null,
    null,
    null,
  ]);
  expect([positiveOf(0), positiveOf('3')]).toEqual([null, 3]);
  expect([textOf('  a  b '), textOf(''), textOf({}), textOf(98104)]).toEqual(['a b', null, null, '98104']);
});

it('finds the middle of a shape', () => {
  expect(centreOf({ x: -122, y: 47 })).toEqual({ latitude: 47, longitude: -122 });
  expect(
    centreOf({
      rings: [
        [
          [0, 0],
          [0, 2],
          [4, 2],
          [4, 0],
          [0, 0],
        ],
      ],
    }),
  ).toEqual({ latitude: 1, longitude: 2 });
  expect(centreOf({ x: null, y: null })).toBeNull();
  expect(centreOf(undefined)).toBeNull();
});
