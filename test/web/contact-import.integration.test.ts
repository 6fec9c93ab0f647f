import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RemoteCli, startRemoteCli } from '../support/remote-cli.ts';
import { openTestBrowser, type Person, settle, type TestBrowser } from './support/browser.ts';
import { textOf } from './support/hand.ts';
import { registerOrganisation, signInto } from './support/people.ts';

let cli: RemoteCli;
let browser: TestBrowser;
let person: Person;

beforeAll(async () => {
  cli = await startRemoteCli();
  browser = await openTestBrowser(cli.url);
  person = await browser.person();
  await signInto(person, cli.url, await registerOrganisation(cli.url, 'Example Homes'));
});
afterAll(async () => {
  await browser?.close();
  await cli?.close();
});

const shows = (text: string) =>
  person.page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`, { timeout: 30_000 });

async function press(label: string): Promise<void> {
  await person.page.evaluate(
    `[...document.querySelectorAll('dialog button')].find((one) => one.textContent.trim() === ${JSON.stringify(label)}).click()`,
  );
}

describe('the import of contacts', () => {
  it('shows how a file is read, stores it, says which rows were refused, and the server finds who came', async () => {
    const { page } = person;
    await page.goto(`${cli.url}/contacts?import=yes`);
    await settle(page);
    const file = join(cli.home, 'people.csv');
    await writeFile(
      file,
      'Investor,Email,State\nAda Example,ada@example.com,WA\nBob Example,bob at example,WA\nCy Example,cy@example.com,WA\n',
    );
    const input = (await page.$('input[type=file]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(file);
    await shows('2 of 3 rows can be stored.');
    await shows('Line 3:');
    await press('Import 2');
    await shows('2 new, 1 refused.');
    await press('Close');
    await page.goto(`${cli.url}/contacts?q=cy`);
    await settle(page);
    await shows('Cy Example');
    expect(await page.evaluate('document.body.innerText')).not.toContain('Ada Example');
    expect(person.complaints).toEqual([]);
  });

  it('has the columns said by hand where none is recognised, and stores the contacts then', async () => {
    const { page } = person;
    await page.goto(`${cli.url}/contacts?import=yes`);
    await settle(page);
    const file = join(cli.home, 'odd people.csv');
    await writeFile(file, 'Kol A,Kol B,Kol C,Kol D\nDee Odd,2065550142,Seattle,WA\nEli Odd,2065550143,Seattle,WA\n');
    const input = (await page.$('input[type=file]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(file);
    await shows('No column is recognised as a way to reach anybody.');
    await shows('0 of 2 rows can be stored.');
    await shows('A name: no column yet.');
    // What a column holds is seen beside it.
    await shows('2065550142');
    const isOff = `[...document.querySelectorAll('dialog button')].find((one) => /^Import/.test(one.textContent)).disabled`;
    expect(await page.evaluate(isOff)).toBe(true);
    for (const [column, field] of [
      ['Kol A', 'name'],
      ['Kol B', 'phone'],
      ['Kol D', 'state'],
    ]) {
      await page.select(`::-p-aria(What “${column}” holds)`, field!);
      await page.waitForFunction(`!document.querySelector('dialog [aria-busy]')`);
    }
    await shows('2 of 2 rows can be stored.').catch(async (cause: Error) => {
      throw new Error(await textOf(page, 'dialog'), { cause });
    });
    await press('Import 2');
    await shows('2 new.');
    await press('Close');
    await page.goto(`${cli.url}/contacts?q=eli`);
    await settle(page);
    await shows('Eli Odd');
    expect(person.complaints).toEqual([]);
  });
});
