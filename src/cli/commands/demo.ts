import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadRecipes } from '../../activities/discover/recipe-load.ts';
import { PROVIDER_NAMES } from '../../activities/enrich/registry.ts';
import { hashPassword, isPassword } from '../../api/auth/password.ts';
import { loadProviderBaseUrls } from '../../config/providers.ts';
import { contactKeys } from '../../db/contact-keys.ts';
import { type ChosenRows, chooseRows } from '../../demo/choose-rows.ts';
import { type DemoSignIn, ensureDemoUser } from '../../demo/demo-user.ts';
import { runDemo } from '../../demo/run.ts';
import { generateSample } from '../../demo/sample.ts';
import { DEMO_CAPS, seedDemoTenant } from '../../demo/seed-tenant.ts';
import { startDemoSites } from '../../demo/sites.ts';
import type { DemoSummary } from '../../demo/summary.ts';
import { ReosError } from '../../domain/errors.ts';
import { lendAddresses } from '../../runtime/addresses.ts';
import { deriveKeys, outboxEventKeys, readSecret } from '../../secrets.ts';
import { PACKAGE_ROOT } from '../../settings.ts';
import { type CommandContext, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { wholeNumber } from './lifecycle.ts';

const COUNTY = { slug: 'king-wa', fips: '53033' } as const;

/** `reos demo`: the whole pipeline on real properties, on this machine. */
export const demo: Verb = {
  localOnly: "It runs a demonstration on this machine's own parts.",
  describe: (command) =>
    command
      .description('Drive 300 parcels and a listing site all the way: discover, enrich, score, memo, outbox, events')
      .option(
        '--data <file>',
        'a sales or parcel file of King County (default: the shared data beside the project, else the bundled sample)',
      )
      .option('--rows <n>', 'parcels to take', '300')
      .option('--seed <n>', 'which rows are taken', '7')
      .addHelpText('after', '\nExample:\n  $ reos demo\n  $ reos demo --data sales.csv --json'),
  async run(context, _args, options) {
    const { settings, output } = context;
    if (settings.sendgrid.apiKey !== undefined) {
      throw new ReosError(
        'forbidden',
        'The demonstration writes to invented addresses at example.com, and SENDGRID_API_KEY is set: it would really send. Unset it for the demonstration.',
      );
    }
    const folder = join(settings.home, 'demo');
    const recipes = await loadRecipes(settings.configDir);
    const file = await findData(folder, options.data as string | undefined);
    const rows = await chooseRows({
      file,
      count: wholeNumber('--rows', options.rows),
      seed: wholeNumber('--seed', options.seed),
      folder,
      countyFips: COUNTY.fips,
      recipes,
    });
    output.progress(
      `${rows.records.length} parcels of ${rows.sourceName}; caps: ${DEMO_CAPS.maxPerRun} messages a run, ${DEMO_CAPS.weeklyCapPerRecipient} a week per recipient, no approval, no send window`,
    );
    const sites = await startDemoSites({
      records: rows.records,
      countyFips: COUNTY.fips,
      userAgent: settings.userAgent,
      overrides: { ...(await loadProviderBaseUrls(settings.configDir, PROVIDER_NAMES)), ...settings.providerBaseUrls },
    });
    if (sites.simulated.length > 0)
      output.progress(`simulated, because the real service does not answer from here: ${sites.simulated.join(', ')}`);
    const lent = lendAddresses(settings.home, sites.addresses);
    try {
      await useSystem(context, { services: true }, async (system) => {
        const started = performance.now();
        const keys = deriveKeys(readSecret(settings.home, settings.secretKey));
        const tenantId = await seedDemoTenant(system.db, contactKeys(keys), COUNTY.fips);
        const signIn = await ensureDemoUser(system.db, tenantId, settings.home, { hashPassword, isPassword });
        const bar = output.bar('properties');
        const summary = await runDemo({
          db: system.db,
          temporal: system.temporal,
          apiUrl: system.apiUrl!,
          home: settings.home,
          tenantId,
          county: COUNTY.slug,
          file: rows.path,
          fileName: rows.sourceName,
          contactKeys: contactKeys(keys),
          keys: outboxEventKeys(settings.home),
          onProgress: (settled, total, stages) => bar.update(settled, total, shortStages(stages)),
          onNote: output.progress,
        }).finally(() => bar.stop());
        const seconds = Math.round((performance.now() - started) / 100) / 10;
        const places = { dashboard: system.apiUrl!, ...placesOf(context, tenantId, rows) };
        output.answer(
          { ...summary, seconds, simulated_providers: sites.simulated, ...places, sign_in: signIn },
          summaryText(summary, seconds, places, signIn),
        );
      });
    } finally {
      lent.takeBack();
      await sites.stop();
    }
  },
};

async function findData(folder: string, named: string | undefined): Promise<string> {
  if (named !== undefined) return resolve(named);
  const shared = join(PACKAGE_ROOT, '..', 'shared', 'data', 'king-county', 'king-county-sales.csv');
  try {
    await access(shared);
    return shared;
  } catch {
    // Not beside the project: the bundled sample takes over.
    const path = join(folder, 'bundled-sample.csv');
    await mkdir(folder, { recursive: true });
    await writeFile(path, generateSample());
    return path;
  }
}

function shortStages(stages: Record<string, number>): string {
  return Object.entries(stages)
    .map(([status, count]) => `${status} ${count}`)
    .join(', ');
}

function placesOf({ settings }: CommandContext, tenantId: string, rows: ChosenRows) {
  return {
    data: rows.path,
    memos_folder: join(settings.home, 'store', 'tenants', tenantId, 'memos'),
    outbox_folder: join(settings.home, 'outbox', tenantId),
    logs_folder: join(settings.home, 'logs'),
    reopen: 'npm start',
  };
}

function summaryText(
  summary: DemoSummary,
  seconds: number,
  places: ReturnType<typeof placesOf> & { dashboard: string },
  signIn: DemoSignIn,
): string {
  const count = (map: Record<string, number>) =>
    Object.entries(map)
      .map(([name, n]) => `${name} ${n}`)
      .join(' · ') || 'none';
  return [
    '',
    `${summary.properties} properties, ${summary.settled} settled, in ${seconds} s`,
    `  stages     ${count(summary.stages)}`,
    `  memos      ${summary.memos}`,
    `  messages   ${summary.sent} sent (${count(summary.messages)}), ${summary.duplicates} duplicates`,
    `  failed     ${summary.failed.length}`,
    ...summary.failed.slice(0, 10).map(({ property_id: id, stage, reason }) => `    ${id} in ${stage}: ${reason}`),
    `  refused    ${summary.refused.length}`,
    ...summary.refused.slice(0, 10).map(({ source, row, reasons }) => `    ${source} ${row}: ${reasons.join('; ')}`),
    ...(summary.simulated_properties > 0
      ? [
          `  simulated  ${summary.simulated_properties} properties hold simulated values: they are marked in the memos and are no facts`,
        ]
      : []),
    '',
    'Top 10 by score',
    ...summary.top.flatMap(({ bird_dog_score: score, property, asking, status, reasons }) => [
      `  ${score?.toFixed(1).padStart(5)}  ${property}${asking ? ' (for sale)' : ' (off market)'}  ${status}`,
      ...reasons.map((reason) => `         ${reason}`),
    ]),
    '',
    `Memos   ${places.memos_folder}`,
    `Outbox  ${places.outbox_folder}`,
    `Logs    ${places.logs_folder}`,
    '',
    `Look at it: ${places.reopen}, then open ${places.dashboard}`,
    `Sign in as  ${signIn.email}  with  ${signIn.password}  (kept in ${signIn.file})`,
  ].join('\n');
}
