import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { take } from '../../src/sdk/client.ts';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { registerOrganisation, type SignedUp, signInto } from './support/people.ts';
import { type DashboardSystem, startDashboardSystem } from './support/system.ts';

/** One organisation, its property, and somebody of it at a browser that keeps all it is told. */
interface House {
  admin: SignedUp;
  propertyId: string;
  address: string;
  apn: string;
  person: Person;
  /** Every answer of the API that this browser got, without the address that was asked. */
  answers: string[];
}

let system: DashboardSystem;
let browser: TestBrowser;
let owner: House;
let stranger: House;

beforeAll(async () => {
  system = await startDashboardSystem();
  browser = await openTestBrowser(system.url);
  owner = await moveIn('Owner Homes', '77 Secret Garden Way', 'OWNER-0001');
  stranger = await moveIn('Stranger Homes', '5 Public Street', 'STRANGER-0001');
});
afterAll(async () => {
  await browser?.close();
  await system?.close();
});

describe('somebody of another organisation', () => {
  it('is told that the address of a property leads nowhere', async () => {
    await visit(stranger, `/properties/${owner.propertyId}`);
    expect(await textOf(stranger)).toMatch(/no property|not found|nothing/i);
    await visit(stranger, `/properties?property=${owner.propertyId}`);
    expect(await textOf(stranger)).toContain(stranger.address);
    nothingOfTheOwner();
  });

  it('finds it neither in the list, nor by words, nor on the map, nor through filters', async () => {
    const center = '-122.4,47.5,-122.2,47.7';
    for (const question of [
      '',
      `?q=${owner.apn}`,
      '?q=Secret',
      '?view=map',
      `?bbox=${center}`,
      '?view=list&min_score=1',
    ]) {
      await visit(stranger, `/properties${question}`);
    }
    nothingOfTheOwner();
    // The same question of the owner finds it: it could have been found.
    await visit(owner, `/properties?q=${owner.apn}`);
    expect(await textOf(owner)).toContain(owner.address);
  });

  it('finds it by no place of the dashboard that tells of properties', async () => {
    const places = [
      '/',
      '/campaigns',
      '/contacts',
      '/market',
      '/scoreboard',
      '/operations/failures',
      '/operations/audit',
    ];
    for (const place of places) await visit(stranger, place);
    nothingOfTheOwner();
  });

  it('hears no event of it, and each hears their own', async () => {
    await Promise.all([visit(owner, '/'), visit(stranger, '/')]);
    for (const { person } of [owner, stranger]) {
      await person.page.waitForFunction(`document.querySelector('header [data-status]')?.dataset.status === 'live'`);
    }
    await say(owner, 'A word among owners');
    await say(stranger, 'A word among strangers');
    for (const { person, propertyId } of [owner, stranger]) {
      await expect.poll(() => heard(person.page), { timeout: 20_000 }).toContain(propertyId);
    }
    expect(await heard(stranger.person.page)).not.toContain(owner.propertyId);
    expect(await heard(stranger.person.page)).not.toContain(owner.admin.tenantId);
    expect(await heard(owner.person.page)).not.toContain(stranger.propertyId);
    nothingOfTheOwner();
    expect(await textOf(stranger)).not.toContain('among owners');
  });
});

/** Neither on the screen now nor in any answer since the beginning. */
function nothingOfTheOwner(): void {
  const all = stranger.answers.join('\n');
  expect(all).toContain(stranger.address);
  for (const secret of [owner.address, owner.apn, owner.admin.tenantId, owner.admin.email, 'Owner Homes']) {
    expect(all.includes(secret), secret).toBe(false);
  }
}

async function moveIn(name: string, address: string, apn: string): Promise<House> {
  const admin = await registerOrganisation(system.url, name);
  const [row] = await system.database.query<{ id: string }>(
    `insert into properties (tenant_id, id, county_fips, status, address, city, zip_code, apn, property_type, sqft, bedrooms,
       bathrooms, year_built, latitude, longitude, list_price_cents, bird_dog_score)
     values ($1, gen_random_uuid(), '53033', 'scored', $2, 'SEATTLE', '98103', $3, 'Residential', 1700, 3, 2, 1990, 47.6, -122.3,
       45000000, 66) returning id`,
    [admin.tenantId, address, apn],
  );
  const person = await browser.person();
  const answers: string[] = [];
  person.page.on('response', (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (!/json/.test(type)) return;
    // A page that is left takes the bodies of its answers with it.
    response.text().then(
      (text) => answers.push(text),
      () => undefined,
    );
  });
  await person.page.evaluateOnNewDocument(KEEP_STREAM);
  await signInto(person, system.url, admin);
  return { admin, propertyId: row!.id, address, apn, person, answers };
}

async function visit({ person }: House, path: string): Promise<void> {
  await person.page.goto(system.url + path);
  await settle(person.page);
}

const textOf = ({ person }: House): Promise<string> =>
  person.page.$eval('main', (element) => element.textContent ?? '');

const heard = (page: Page): Promise<string> => page.evaluate('window.heard') as Promise<string>;

async function say({ admin, propertyId }: House, body: string): Promise<void> {
  const params = { path: { id: propertyId } };
  await take(admin.api.POST('/api/v1/properties/{id}/comments', { params, body: { body } }));
}

/** Keeps what comes over the stream of events, as the page reads it. */
const KEEP_STREAM = `
  window.heard = '';
  const ask = window.fetch;
  window.fetch = async (...about) => {
    const answer = await ask(...about);
    if (!/event-stream/.test(answer.headers.get('content-type') ?? '')) return answer;
    const decoder = new TextDecoder();
    const keep = new TransformStream({
      transform(bytes, controller) {
        window.heard += decoder.decode(bytes, { stream: true });
        controller.enqueue(bytes);
      },
    });
    return new Response(answer.body.pipeThrough(keep), { status: answer.status, headers: answer.headers });
  };`;
