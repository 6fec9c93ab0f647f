import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { brandingChange, parseMemoVariants } from '../../domain/memo/branding-change.ts';
import { inspectImage } from '../../domain/memo/image-kind.ts';
import { type components, take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import type { ApiVerb } from '../main.ts';
import { publicShape, table } from '../output.ts';

const MOST_LOGO_BYTES = 1024 * 1024;

/** `reos branding show`: how the tenant's memos look. */
export const brandingShow: ApiVerb = {
  describe: (command) =>
    command
      .description("How the tenant's memos look: name, colour, logo, contact, variants")
      .addHelpText('after', '\nExample:\n  $ reos branding show --json'),
  async ask({ api, output }) {
    answer(output, await take(api.GET('/api/v1/branding')));
  },
};

/** `reos branding set`: changes the parts that are named. */
export const brandingSet: ApiVerb = {
  describe: (command) =>
    command
      .description("Change how the tenant's memos look; an empty text takes a part away")
      .option('--company-name <text>', 'name on the memo (default: the name of the tenant)')
      .option('--tagline <text>', 'a line under the name')
      .option('--accent-color <#rrggbb>', 'colour of the brand')
      .option('--logo <file>', 'PNG, JPEG, WebP or GIF of at most 1 MB; "" takes it away')
      .option('--contact-name <text>', 'whom the reader asks for')
      .option('--email <address>', 'address to write to')
      .option('--phone <number>', 'number to call')
      .option('--website <url>', 'web address')
      .option('--disclaimer <text>', 'printed before the standing disclaimer')
      .option('--memo-variants <list>', 'memo templates tried against each other: NAME=WEIGHT,NAME=WEIGHT')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos branding set --company-name "Harbor Street Capital" --accent-color "#7a1f3d" --logo logo.png',
      ),
  async ask({ api, output }, _args, options) {
    const { logo, memoVariants, ...others } = options as Record<string, string | undefined>;
    const texts = Object.fromEntries(Object.entries(others).filter(([name]) => TEXTS.includes(name)));
    const change = publicShape(brandingChange(texts));
    const body = {
      ...change,
      ...(memoVariants === undefined ? {} : { memo_variants: [...parseMemoVariants(memoVariants)] }),
      ...(logo === undefined ? {} : { logo: logo === '' ? null : await readLogo(logo) }),
    };
    if (Object.keys(body).length === 0) {
      throw new ReosError(
        'validation',
        'Name what to change, such as --company-name or --accent-color. See: reos branding set --help',
      );
    }
    answer(output, await take(api.PUT('/api/v1/branding', { body })));
  },
};

const TEXTS = ['companyName', 'tagline', 'accentColor', 'contactName', 'email', 'phone', 'website', 'disclaimer'];

/** The picture in base64. @throws ReosError `validation` for what is no picture, or too large */
async function readLogo(file: string): Promise<string> {
  const path = resolve(file);
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > MOST_LOGO_BYTES) {
      throw new ReosError(
        'validation',
        `The logo ${path} has ${size} bytes; at most ${MOST_LOGO_BYTES} are allowed. Save it smaller.`,
      );
    }
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof ReosError) throw cause;
    throw new ReosError('validation', `The logo ${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  const seen = inspectImage(bytes);
  if ('image' in seen) return bytes.toString('base64');
  throw new ReosError(
    'validation',
    `The logo ${path} cannot be used: ${seen.problem}. Save it as PNG, JPEG, WebP or GIF.`,
  );
}

function answer(output: Caller['output'], branding: components['schemas']['Branding']): void {
  const { memo_variants: variants, ...texts } = branding;
  const shown = Object.entries(texts).map(([part, value]) => ({ part, value: value ?? '(not set)' }));
  const tried = variants.length === 0 ? '(none)' : variants.map(({ name, weight }) => `${name}=${weight}`).join(', ');
  output.answer(
    branding,
    `${table([...shown, { part: 'memo_variants', value: tried }], ['part', 'value'])}\n\nMemos written from now on look so.`,
  );
}
