import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ReosError } from '../domain/errors.ts';
import { parseYaml } from './yaml-file.ts';

const about = {
  /** Stands in raw.loads as the origin; unique. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'must be small letters, digits and hyphens'),
  /** Slug of the tenant that its rows belong to. */
  tenant: z.string().min(1),
};
const secret = z.string().min(1);

const sqlSource = z.strictObject({
  ...about,
  kind: z.literal('sql'),
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be an address such as postgres://user:password@host:5432/database'),
  /** `verify`: the server's certificate must be good; `off`: no TLS, for a server on the same machine. */
  tls: z.enum(['verify', 'off']).default('verify'),
  /** PEM file of a private certificate authority. */
  tls_ca_file: z.string().optional(),
  feed: z.enum([
    'mls_listings',
    'offer_events',
    'avm_values',
    'funnel_activity',
    'acquisition_pipeline',
    'renovation_tracker',
    'resales',
    'macro',
  ]),
  /** One SELECT whose columns are those of the feed, and the cursor's. */
  query: z.string().regex(/^\s*(select|with)\b/i, 'must be one SELECT'),
  cursor: z.strictObject({
    /** A column of the query that grows with every change: a time, a number. */
    column: z.string().min(1),
    /** So far back is read again each time, for rows that were committed late; only of times. */
    overlap_seconds: z.int().min(0).max(86_400).default(300),
  }),
  page: z.int().min(1).max(50_000).default(5_000),
  timeout_seconds: z.int().min(1).max(3_600).default(120),
});

const resoSource = z
  .strictObject({
    ...about,
    kind: z.literal('reso'),
    /** Of the OData service; `/Property` is put behind it. */
    url: z.url({ protocol: /^https?$/ }),
    resource: z.string().regex(/^\w+$/).default('Property'),
    token: secret.optional(),
    oauth: z
      .strictObject({
        token_url: z.url({ protocol: /^https?$/ }),
        client_id: secret,
        client_secret: secret,
        scope: z.string().optional(),
      })
      .optional(),
    /** A condition beside that of the time, such as `StateOrProvince eq 'AZ'`. */
    filter: z.string().optional(),
    /** The market of a listing, of its fields: `{City}, {StateOrProvince}`. */
    market: z.string().includes('{').default('{City}, {StateOrProvince}'),
    /** Field that becomes the segment; `all` without one. */
    segment: z.string().optional(),
    /** Field that is false once a listing may not be shown any more, such as `MlgCanView`. */
    visible: z.string().regex(/^\w+$/).optional(),
    page: z.int().min(1).max(2_000).default(200),
    /** Every so often what the MLS no longer has is removed here, too; 0: never. */
    reconcile_hours: z.int().min(0).default(24),
  })
  .refine((one) => (one.token === undefined) !== (one.oauth === undefined), 'needs either token or oauth');

const sourcesSchema = z
  .strictObject({ sources: z.array(z.discriminatedUnion('kind', [sqlSource, resoSource])).default([]) })
  .refine(
    ({ sources }) => new Set(sources.map(({ name }) => name)).size === sources.length,
    'two sources have the same name',
  );

/** Another Postgres that is asked for rows of a feed. */
export type SqlSource = z.infer<typeof sqlSource>;
/** An MLS that speaks the RESO Web API. */
export type ResoSource = z.infer<typeof resoSource>;
export type MarketSource = SqlSource | ResoSource;

/**
 * Reads the sources that are pulled. `${NAME}` in a value is that variable of the environment, so that no password need
 * stand in the file.
 * @throws ReosError `not_found` without the file, `validation` naming what is wrong, with its line
 */
export async function loadMarketSources(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<MarketSource[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ReosError('not_found', `MARKET_SOURCES: there is no file ${path}.`, { cause });
  });
  const filled = text
    .split('\n')
    .map((line, at) =>
      line.replace(/\$\{(\w+)\}/g, (_, name: string) => {
        const value = env[name];
        if (value === undefined || value === '') {
          throw new ReosError('validation', `${path}:${at + 1}: the variable ${name} is not set.`, {
            details: { file: path, line: at + 1 },
          });
        }
        // Inside or outside quotes, on one line: YAML's signs in a password stay what they are.
        return value.replaceAll(/[\\"]/g, '\\$&');
      }),
    )
    .join('\n');
  const parsed = parseYaml(sourcesSchema, path, filled);
  if (parsed.ok) return parsed.value.sources;
  const words = parsed.problems.map(({ file, line, path: at, message }) => `${file}:${line}: ${at} ${message}`);
  throw new ReosError('validation', `${words.join('; ')}`, { details: { file: path } });
}
