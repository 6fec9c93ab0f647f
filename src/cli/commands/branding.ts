import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DEFAULT_TEMPLATE, imageKey } from '../../activities/memo/names.ts';
import { readBranding, saveBranding, type TenantBranding } from '../../db/queries/branding.ts';
import { loadTemplate } from '../../db/queries/templates.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { brandingChange, parseMemoVariants } from '../../domain/memo/branding-change.ts';
import { type ImageKind, inspectImage } from '../../domain/memo/image-kind.ts';
import type { MemoVariant } from '../../domain/memo/variant.ts';
import { deriveKeys, readSecret } from '../../secrets.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { openStore } from '../../storage/open-store.ts';
import { type CommandContext, chooseTenant, type OpenSystem, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { publicShape, table } from '../output.ts';

const MOST_LOGO_BYTES = 1024 * 1024;

/** `reos branding show`: how the tenant's memos look. */
export const brandingShow: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) => command.description("How the tenant's memos look: name, colour, logo, contact, variants"),
  async run(context) {
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      answer(context, tenant.slug, await withTenant(system.db, tenant.id, readBranding));
    });
  },
};

/** `reos branding set`: changes the parts that are named. */
export const brandingSet: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
  async run(context, _args, options) {
    const {
      logo,
      memoVariants,
      json: _json,
      tenant: _tenant,
      ...texts
    } = options as Record<string, string | undefined>;
    const change: Partial<TenantBranding> = brandingChange(texts);
    const variants = memoVariants === undefined ? undefined : parseMemoVariants(memoVariants);
    const picture = logo === undefined || logo === '' ? undefined : await readLogo(logo);
    if (Object.keys(change).length === 0 && variants === undefined && logo === undefined) {
      throw new ReosError(
        'validation',
        'Name what to change, such as --company-name or --accent-color. See: reos branding set --help',
      );
    }
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      if (logo === '') change.logoKey = null;
      if (picture !== undefined) change.logoKey = await storeLogo(openFiles(context, system), tenant.id, picture);
      const saved = await withTenant(system.db, tenant.id, async (trx) => {
        if (variants !== undefined) await checkTemplates(trx, variants);
        return saveBranding(trx, { ...change, ...(variants === undefined ? {} : { memoVariants: variants }) });
      });
      answer(context, tenant.slug, saved);
    });
  },
};

interface Logo {
  bytes: Buffer;
  image: ImageKind;
}

async function readLogo(file: string): Promise<Logo> {
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
  if ('image' in seen) return { bytes, image: seen.image };
  throw new ReosError(
    'validation',
    `The logo ${path} cannot be used: ${seen.problem}. Save it as PNG, JPEG, WebP or GIF.`,
  );
}

function openFiles({ settings }: CommandContext, system: OpenSystem): ObjectStore {
  const publicUrl = settings.publicUrl ?? system.apiUrl ?? `http://${settings.apiHost}:${settings.ports.api}`;
  return openStore(settings, deriveKeys(readSecret(settings.home, settings.secretKey)).fileLinks, publicUrl);
}

async function storeLogo(store: ObjectStore, tenantId: string, { bytes, image }: Logo): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = imageKey(tenantId, 'branding', sha256, image.extension);
  await store.put(key, bytes, image.contentType);
  return key;
}

/** Each variant names a template that exists, so that no memo fails for a slip of the pen. */
async function checkTemplates(trx: TenantTrx, variants: readonly MemoVariant[]): Promise<void> {
  for (const { name } of variants) {
    if (name === DEFAULT_TEMPLATE || (await loadTemplate(trx, 'memo', name)) !== null) continue;
    throw new ReosError(
      'not_found',
      `There is no memo template '${name}'. Save it first, or use ${DEFAULT_TEMPLATE}, the product's own.`,
    );
  }
}

function answer({ output }: CommandContext, slug: string, branding: TenantBranding): void {
  const { memoVariants, ...texts } = branding;
  const variants = memoVariants as MemoVariant[];
  const shown = Object.entries(publicShape(texts)).map(([part, value]) => ({ part, value: value ?? '(not set)' }));
  const tried = variants.length === 0 ? '(none)' : variants.map(({ name, weight }) => `${name}=${weight}`).join(', ');
  output.answer(
    { tenant: slug, ...publicShape(texts), memo_variants: variants },
    `${table([...shown, { part: 'memo_variants', value: tried }], ['part', 'value'])}\n\nMemos written from now on look so.`,
  );
}
