import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_BASE_URLS, PROVIDER_NAMES } from '../../src/activities/enrich/registry.ts';
import { loadProviderBaseUrls } from '../../src/config/providers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'providers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('ships the address of every provider, the same as built in', async () => {
  expect(await loadProviderBaseUrls(join(process.cwd(), 'config'), PROVIDER_NAMES)).toEqual(DEFAULT_BASE_URLS);
});

it('does without the file', async () => {
  expect(await loadProviderBaseUrls(folder, PROVIDER_NAMES)).toEqual({});
});

it.each([
  [
    'base_urls:\n  census-asc: https://example.com\n',
    /providers\.yaml:2: base_urls\.census-asc is not a known provider\. Did you mean "census-acs"/,
  ],
  [
    'base_urls:\n  census-acs: ftp://example.com\n',
    /providers\.yaml:2: base_urls\.census-acs must be an http or https address/,
  ],
  ['baseUrls: {}\n', /providers\.yaml:1: baseUrls is not a known key\. Did you mean "base_urls"/],
])('refuses %j', async (text, message) => {
  await writeFile(join(folder, 'providers.yaml'), text);
  await expect(loadProviderBaseUrls(folder, PROVIDER_NAMES)).rejects.toMatchObject({
    code: 'validation',
    message: expect.stringMatching(message),
  });
});
