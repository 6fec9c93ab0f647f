import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ColumnChoice } from '../../activities/discover/column-choice.ts';
import { kindOfFile } from '../../activities/discover/registry.ts';
import { runDiscovery } from '../../client/discoveries.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { workflowIds } from '../../domain/ids.ts';
import type { MappedColumn } from '../../domain/valuation/sale-record.ts';
import { withApprovals } from '../approved-columns.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import { countyOfImport } from '../file-place.ts';
import type { EitherVerb } from '../main.ts';
import { discoveryAnswer } from './discover.ts';
import { collectChoice, dryRun, type ImportOptions, mappingObject, settleColumns } from './import-mapping.ts';
import { importRemotely } from './import-remote.ts';

/** `reos import FILE`: the rows of a file into prospects and properties, and their lifecycles. */
export const importFile: EitherVerb = {
  askRemote: (caller, [file], options) => importRemotely(caller, file!, options),
  describe: (command) =>
    command
      .description('Read a CSV, JSON or saved HTML file into properties and start their lifecycles')
      .argument('<file>', 'the file')
      .option('--county <slug>', 'county of the rows, such as king-wa (default: what the file itself says)')
      .option('--recipe <name>', 'column mapping in config/recipes (default: recognised by its headers)')
      .option('--no-start', 'only store; start no lifecycles')
      .option('--dry-run', 'show what each column is taken for, the problems and the counts; store nothing')
      .option(
        '--map <header=field>',
        'say what a column is: "Area=LivingArea:sqm", "Notes=ignore" (repeatable)',
        collectChoice,
      )
      .option('--yes', 'approve the columns as shown and remember them for files of this layout')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos import sales.csv --county king-wa --dry-run\n  $ reos import sales.csv --county king-wa',
      ),
  async run(context, [file], options) {
    const path = resolve(file!);
    const hash = await hashFile(path);
    const name = basename(path);
    const how: ImportOptions = {
      path,
      name,
      recipe: options.recipe as string | undefined,
      overrides: (options.map as ColumnChoice[] | undefined) ?? [],
      approve: options.yes === true,
    };
    const county = await countyOfImport(context, how, options.county);
    if (options.dryRun === true) {
      return withApprovals(context, (findApproved) => dryRun(context, county, how, findApproved));
    }
    return useSystem(context, { services: true }, async (system) => {
      const tenant = await chooseOrMakeTenant(context, system.db);
      const found = await settleColumns(context, system, tenant.id, how);
      if (found === 'declined') {
        context.output.progress(
          'Nothing was imported. Correct a column with --map "Header=Field", or "Header=ignore".',
        );
        return 2;
      }
      // A file that a recipe or plain names explain is recognised by the worker in the same way.
      const isPlain = found === null || (how.overrides.length === 0 && found.columns.every(isRecognised));
      const result = await runDiscovery(await system.temporal(), {
        workflowId: workflowIds.fileImport(tenant.id, isPlain ? hash : hashWith(hash, found.given)),
        input: {
          tenantId: tenant.id,
          county: county.slug,
          dagId: 'import',
          sources: [
            {
              kind: kindOfFile(name),
              path,
              displayName: name,
              recipe: how.recipe,
              ...(isPlain ? {} : { columns: found.given }),
            },
          ],
          startLifecycles: options.start !== false,
        },
      });
      const mapping = found === null ? {} : mappingObject(found);
      return discoveryAnswer(context.output, county.slug, result, mapping);
    });
  },
};

const isRecognised = ({ reason, unit }: MappedColumn) =>
  (reason === 'recipe' || reason === 'synonym' || reason === 'unmapped') && (reason === 'recipe' || unit === null);

/** The same file with other columns is another import. */
const hashWith = (hash: string, columns: unknown) =>
  createHash('sha256').update(hash).update(JSON.stringify(columns)).digest('hex');

async function hashFile(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is not a file');
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch (error) {
    throw new ReosError('validation', `${path} cannot be read: ${messageOf(error)}. Name a CSV, JSON or HTML file.`, {
      cause: error,
    });
  }
}
