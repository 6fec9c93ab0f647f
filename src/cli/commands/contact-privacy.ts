import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { checkContactId } from './contact-context.ts';

/** `reos contact export ID --out FILE`: everything stored about a person. */
export const contactExport: ApiVerb = {
  describe: (command) =>
    command
      .description('Write everything that is stored about a contact to a JSON file, readable by its owner only')
      .argument('<contact>', 'contact id')
      .requiredOption('--out <file>', 'the file to write')
      .addHelpText('after', '\nExample:\n  $ reos contact export 4f7c… --out ada.json'),
  async ask({ api, output }, [text], options) {
    const id = checkContactId(text);
    const exported = await take(api.GET('/api/v1/contacts/{id}/export', { params: { path: { id } } }));
    const path = resolve(String(options.out));
    await writeFile(path, `${JSON.stringify(exported, null, 2)}\n`, { mode: 0o600 });
    const counts = {
      messages: exported.messages.length,
      inbound_messages: exported.inbound_messages.length,
      consents: exported.consents.length,
      suppressions: exported.suppressions.length,
      properties: exported.properties.length,
      buy_boxes: exported.buy_boxes.length,
    };
    const lines = Object.entries(counts).map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`);
    output.answer({ contact_id: id, file: path, ...counts }, `${path}: ${lines.join(', ')}`);
  },
};

/** `reos contact erase ID --yes`: forgets a person. */
export const contactErase: ApiVerb = {
  describe: (command) =>
    command
      .description('Forget a contact for good: details, replies and files go, and nobody writes to the addresses again')
      .argument('<contact>', 'contact id')
      .option('--yes', 'really: it cannot be undone')
      .addHelpText('after', '\nExample:\n  $ reos contact erase 4f7c… --yes'),
  async ask({ api, output }, [text], options) {
    const id = checkContactId(text);
    if (options.yes !== true) {
      throw new ReosError(
        'validation',
        `Erasing ${id} cannot be undone. Export it first if it is asked for, then add --yes.`,
      );
    }
    const params = { path: { id } };
    const erased = await take(api.POST('/api/v1/contacts/{id}/erase', { params, body: { confirm: true } }));
    const removed = Object.entries(erased.removed).map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`);
    const lines = [
      `${id}: erased${erased.was_erased ? ' before' : ''}.`,
      `Emptied or removed: ${removed.join(', ')}, ${erased.files} files.`,
      ...(erased.in_flight > 0
        ? [
            `${erased.in_flight} messages were leaving just now. Run the same command again in a minute, for their files.`,
          ]
        : []),
    ];
    output.answer({ contact_id: id, erased: true, ...erased }, lines.join('\n'));
  },
};
