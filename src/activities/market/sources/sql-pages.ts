import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { SqlSource } from '../../../config/market-sources.ts';
import { messageOf, ReosError } from '../../../domain/errors.ts';
import type { SourcePage } from './page.ts';

const TIMES: readonly number[] = [1082, 1114, 1184];
const BOOLEAN = 16;
/** Connection failures and a server that is going away. */
const AWAY = /^(08|57P|53)/;

/**
 * Asks another Postgres for the rows past the cursor, page by page, in one read-only snapshot. Rows with the same cursor are
 * never parted, so that none is left behind. Values come as text and are read like a file's.
 * @throws ReosError `transient` when it does not answer, `validation` when it refuses the query, `auth_revoked` the login
 */
export async function* sqlPages(source: SqlSource, cursor: string | null): AsyncGenerator<SourcePage> {
  const client = new pg.Client({
    connectionString: source.url,
    application_name: 'reos market pull',
    connectionTimeoutMillis: 10_000,
    statement_timeout: source.timeout_seconds * 1_000,
    query_timeout: source.timeout_seconds * 1_000 + 5_000,
    ssl:
      source.tls === 'off'
        ? false
        : {
            rejectUnauthorized: true,
            ...(source.tls_ca_file === undefined ? {} : { ca: readFileSync(source.tls_ca_file, 'utf8') }),
          },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read read only');
    await client.query(`select set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true)`);
    const column = `q.${client.escapeIdentifier(source.cursor.column)}`;
    const from = `from (${source.query.replace(/;\s*$/, '')}\n) q`;
    const ask = (text: string, values: unknown[] = []) => {
      // One statement, whatever the text says.
      const question: pg.QueryArrayConfig & { queryMode: 'extended' } = {
        text,
        values,
        rowMode: 'array',
        queryMode: 'extended',
        types: { getTypeParser: () => (value: unknown) => value },
      };
      return client.query<Array<string | null>>(question);
    };
    const { fields } = await ask(`select q.*, ${column} as "cursor of the pull" ${from} limit 0`);
    const type = fields.at(-1)!.dataTypeID;
    const header = fields.slice(0, -1).map(({ name }) => name);
    const overlap = TIMES.includes(type) ? source.cursor.overlap_seconds : 0;
    const flags = fields.map(({ dataTypeID }) => dataTypeID === BOOLEAN);
    let at = cursor;
    for (let isFirst = true; ; isFirst = false) {
      const known =
        at === null
          ? ''
          : `where ${column} > ${isFirst && overlap > 0 ? `$1 - make_interval(secs => ${overlap})` : '$1'}`;
      const typed = known.replace(
        '$1',
        type === 1082 ? '$1::date' : TIMES.includes(type) ? `$1::${type === 1184 ? 'timestamptz' : 'timestamp'}` : '$1',
      );
      const { rows } = await ask(
        `select q.*, ${column}::text ${from} ${typed} order by ${column} fetch first ${source.page} rows with ties`,
        at === null ? [] : [at],
      );
      const last = rows.at(-1)?.at(-1);
      if (rows.length === 0) return;
      if (last === undefined || last === null) {
        throw new ReosError(
          'validation',
          `${source.name}: the cursor ${source.cursor.column} has no value in some rows.`,
        );
      }
      at = last;
      const read = rows.map((row) => row.slice(0, -1).map((value, n) => textOf(value, flags[n] === true)));
      yield { header, rows: read, cursor: last, removed: [] };
      if (rows.length < source.page) return;
    }
  } catch (error) {
    throw failureOf(source.name, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const textOf = (value: string | null, isFlag: boolean) =>
  value === null ? '' : isFlag ? (value === 't' ? 'true' : 'false') : String(value);

function failureOf(name: string, error: unknown): unknown {
  if (error instanceof ReosError) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  const words = `${name}: the database says: ${messageOf(error)}.`;
  if (code.startsWith('28')) return new ReosError('auth_revoked', `${words} Check the user and password.`);
  if (
    /does not support SSL|certificate|self.signed/i.test(messageOf(error)) ||
    /^(ERR_TLS|CERT|UNABLE_TO|DEPTH_)/.test(code)
  ) {
    return new ReosError('validation', `${words} See tls and tls_ca_file of the source.`);
  }
  if (AWAY.test(code) || !/^[0-9A-Z]{5}$/.test(code)) return new ReosError('transient', words, { cause: error });
  return new ReosError('validation', words, { cause: error });
}
