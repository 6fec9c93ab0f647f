import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readProperty } from '../../db/queries/properties.ts';
import { listPackets } from '../../db/queries/reports.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { deriveKeys, readSecret } from '../../secrets.ts';
import { openStore } from '../../storage/open-store.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { checkId, wholeNumber } from './lifecycle.ts';

interface MemoRow {
  path: string;
  pages: number;
  sha256: string;
  url: string;
}

/** The four facts of a property's newest memo for a script; null in each when it has none. */
function newestOf(row: MemoRow | undefined): Record<keyof MemoRow, string | number | null> {
  return {
    path: row?.path ?? null,
    pages: row?.pages ?? null,
    sha256: row?.sha256 ?? null,
    url: row?.url ?? null,
  };
}

/** `reos memo [ID]`: the memos, or one property's: its link, or its PDF in a file. */
export const memo: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('List memos with signed links, or save one as a file')
      .argument('[property]', 'property id')
      .option('--out <file>', 'write the PDF there')
      .option('--limit <n>', 'rows', '100')
      .addHelpText('after', '\nExample:\n  $ reos memo 4f7c… --out memo.pdf'),
  async run(context, [id], options) {
    const { settings, output } = context;
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const propertyId = id === undefined ? undefined : checkId(id);
      const rows = await withTenant(system.db, tenant.id, (trx) =>
        listPackets(trx, { propertyId, limit: wholeNumber('--limit', options.limit) }),
      );
      if (propertyId !== undefined) await withTenant(system.db, tenant.id, (trx) => readProperty(trx, propertyId));
      const publicUrl = settings.publicUrl ?? system.apiUrl ?? `http://${settings.apiHost}:${settings.ports.api}`;
      const store = openStore(settings, deriveKeys(readSecret(settings.home, settings.secretKey)).fileLinks, publicUrl);
      const expiresAt = new Date(Date.now() + settings.signedUrlSeconds * 1000);
      const memos = await Promise.all(
        rows.map(async (row) => ({
          property_id: row.propertyId,
          address: row.address,
          apn: row.apn,
          bird_dog_score: row.birdDogScore,
          path: row.path,
          sha256: row.sha256,
          pages: row.pages,
          bytes: row.bytes,
          template_version: row.templateVersion,
          created_at: row.createdAt,
          url: await store.signedUrl(row.path, {
            expiresSeconds: settings.signedUrlSeconds,
            contentType: 'application/pdf',
            fileName: 'investor-memo.pdf',
          }),
          url_expires_at: expiresAt,
        })),
      );
      if (options.out !== undefined) {
        const chosen = memos[0];
        if (propertyId === undefined)
          throw new ReosError('validation', '--out needs a property id: reos memo ID --out FILE');
        if (chosen === undefined)
          throw new ReosError(
            'not_found',
            `Property ${propertyId} has no memo. A memo is written from the memo threshold on.`,
          );
        const bytes = await store.get(chosen.path);
        if (bytes === null) throw new ReosError('not_found', `The memo's file ${chosen.path} is not in the store.`);
        await writeFile(resolve(String(options.out)), bytes);
      }
      const shown = memos.map((row) => ({
        property: row.address ?? row.apn,
        score: row.bird_dog_score?.toFixed(1) ?? '',
        pages: row.pages,
        link: row.url,
      }));
      const newest = propertyId === undefined ? {} : newestOf(memos[0]);
      const text =
        propertyId !== undefined && memos.length === 0
          ? 'No memo yet: one is written from the memo threshold on (thresholds.memo in config/scoring.yaml).'
          : table(shown, ['property', 'score', 'pages', 'link']);
      output.answer({ ...newest, memos }, text);
    });
  },
};
