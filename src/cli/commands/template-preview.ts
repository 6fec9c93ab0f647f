import { resolve } from 'node:path';
import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { writeParts } from './template.ts';
import { readPartFiles, readTarget } from './template-files.ts';

/** `reos template preview`: a template filled with an invented property and recipient, as files. */
export const templatePreview: ApiVerb = {
  describe: (command) =>
    command
      .description('Fill a template with an invented property and write what comes out')
      .option('--kind <kind>', 'memo, email, sms, letter or postcard')
      .option('--name <name>', 'name of the template')
      .option('--file <path...>', 'look at these files instead of the stored template')
      .option('--audience <who>', 'investor or owner (default: what the template’s fields say)')
      .option('--out <folder>', 'where to write', '.')
      .addHelpText('after', '\nExample:\n  $ reos template preview --kind letter --name owner-letter --out previews'),
  async ask({ api, output }, _args, options) {
    const path = readTarget(options);
    const audience = readAudience(options['audience']);
    const paths = Array.isArray(options['file']) ? options['file'].map(String) : [];
    const parts = paths.length === 0 ? undefined : await readPartFiles(path.kind, path.name, paths);
    const body = {
      ...(audience === undefined ? {} : { audience }),
      ...(parts === undefined ? {} : { parts: { ...parts } as Record<string, string> }),
    };
    const made = await take(api.POST('/api/v1/templates/{kind}/{name}/preview', { params: { path }, body }));
    const named = Object.entries(made.parts).map(([suffix, text]) => [
      `preview.${suffix === 'mjml' ? 'html' : suffix}`,
      `${text.trimEnd()}\n`,
    ]);
    const files = await writeParts(resolve(String(options['out'])), path.name, Object.fromEntries(named));
    output.answer({ kind: made.kind, name: made.name, version: made.version, files }, files.join('\n'));
  },
};

function readAudience(text: unknown): 'investor' | 'owner' | undefined {
  if (text === undefined || text === 'investor' || text === 'owner') return text;
  throw new ReosError('validation', `--audience: '${String(text)}' is neither investor nor owner.`);
}
