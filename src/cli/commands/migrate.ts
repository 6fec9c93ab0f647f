import { contactKeys } from '../../db/contact-keys.ts';
import { migrate } from '../../db/migrate.ts';
import { sealAfterMigration } from '../../db/upgrade.ts';
import { deriveKeys, readSecret } from '../../secrets.ts';
import { useSystem } from '../context.ts';
import type { Verb } from '../main.ts';

/** `reos migrate`: the database to the newest schema. */
export const migrateVerb: Verb = {
  localOnly: "It changes the database's schema: run it where the installation is.",
  describe: (command) =>
    command
      .description('Bring the database to the newest schema (safe to run twice, and by two at once)')
      .addHelpText('after', '\nExample:\n  $ DATABASE_URL=postgres://… reos migrate'),
  async run(context) {
    const { settings, output } = context;
    const direct = settings.databaseDirectUrl;
    const report =
      direct === undefined
        ? await useSystem(context, { services: false }, ({ databaseUrl }) => migrate(databaseUrl))
        : await migrate(direct);
    if (direct !== undefined) {
      const keys = deriveKeys(readSecret(settings.home, settings.secretKey));
      await sealAfterMigration(direct, contactKeys(keys), context.logger);
    }
    const text =
      report.applied.length === 0
        ? `Up to date (${report.already.length} migrations).`
        : `Applied: ${report.applied.join(', ')}`;
    output.answer({ ...report }, text);
  },
};
