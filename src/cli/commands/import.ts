import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { kindOfFile } from '../../activities/discover/registry.ts';
import { runDiscovery } from '../../client/discoveries.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { workflowIds } from '../../domain/ids.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { discoveryAnswer } from './discover.ts';

/** `reos import FILE`: the rows of a file into prospects and properties, and their lifecycles. */
export const importFile: Verb = {
  describe: (command) =>
    command
      .description('Read a CSV, JSON or saved HTML file into properties and start their lifecycles')
      .argument('<file>', 'the file')
      .requiredOption('--county <slug>', 'county of the rows, such as king-wa')
      .option('--recipe <name>', 'column mapping in config/recipes (default: recognised by its headers)')
      .option('--no-start', 'only store; start no lifecycles')
      .addHelpText('after', '\nExample:\n  $ reos import sales.csv --county king-wa'),
  async run(context, [file], options) {
    const path = resolve(file!);
    const hash = await hashFile(path);
    return useSystem(context, { services: true }, async (system) => {
      const tenant = await chooseOrMakeTenant(context, system.db);
      const county = (await system.counties()).find(String(options.county));
      const name = basename(path);
      const result = await runDiscovery(await system.temporal(), {
        workflowId: workflowIds.fileImport(tenant.id, hash),
        input: {
          tenantId: tenant.id,
          county: county.slug,
          dagId: 'import',
          sources: [{ kind: kindOfFile(name), path, displayName: name, recipe: options.recipe as string | undefined }],
          startLifecycles: options.start !== false,
        },
      });
      return discoveryAnswer(context.output, tenant.slug, county.slug, result);
    });
  },
};

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
