import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { ReosError } from '../../domain/errors.ts';
import type { HttpClient, HttpResponse } from '../../http/types.ts';
import { WAREHOUSE_TABLES } from '../tables.ts';
import type { AskedReading, Dialect, SqlType, Warehouse } from '../warehouse.ts';

/** An account with the tables of `tables.ts`, each with a column `tenant_id`, in schemas RAW and MART. */
export interface SnowflakeSettings {
  /** Such as `myorg-account1`. */
  account: string;
  user: string;
  /** PEM of the user's RSA key (PKCS #8). */
  privateKey: string;
  database: string;
  warehouse: string;
  role?: string | undefined;
  /** Where the account answers, when not at its usual address. */
  url?: string | undefined;
}

/** The address of an account's SQL API: the one origin that the HTTP client must trust. */
export const snowflakeUrl = ({ account, url }: Pick<SnowflakeSettings, 'account' | 'url'>): string =>
  url ?? `https://${account.toLowerCase().replaceAll('_', '-')}.snowflakecomputing.com`;

const TIMEOUT_S = 60;
const POLL_MS = 500;

/**
 * The warehouse in Snowflake through its SQL API v2, signed in by key pair. Rows of other tenants are left out by each
 * table's own condition.
 * @throws ReosError `validation` for a private key that is none
 */
export function snowflakeWarehouse(
  deps: { http: HttpClient; clock: () => Date; sleep: (ms: number) => Promise<unknown> },
  settings: SnowflakeSettings,
  tenantId: string,
): Warehouse {
  const key = readKey(settings.privateKey);
  const base = `${snowflakeUrl(settings)}/api/v2/statements`;
  const asked: AskedReading[] = [];

  const send = async (url: string, body?: object): Promise<HttpResponse> => {
    const response = await deps.http.fetch({
      url,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${await tokenOf(settings, key, deps.clock())}`,
        'x-snowflake-authorization-token-type': 'KEYPAIR_JWT',
        'content-type': 'application/json',
        accept: 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: (TIMEOUT_S + 10) * 1_000,
      maxBytes: 64 * 1024 * 1024,
    });
    if (response.status === 200 || response.status === 202) return response;
    throw refusal(settings, response);
  };

  return {
    kind: 'snowflake',
    asked,
    async read(reading, params) {
      const bindings: Record<string, { type: 'TEXT'; value: string | null }> = {};
      const statement = reading.sql(snowflakeDialect(tenantId, bindings), params);
      const { database, warehouse, role } = settings;
      let response = await send(base, { statement, bindings, timeout: TIMEOUT_S, database, warehouse, role });
      for (let waited = 0; response.status === 202; waited += POLL_MS) {
        const { statementHandle } = running.parse(JSON.parse(response.body.toString()));
        if (waited > TIMEOUT_S * 1_000) {
          throw new ReosError('transient', `Snowflake has not answered ${reading.name} within ${TIMEOUT_S} s.`);
        }
        await deps.sleep(POLL_MS);
        response = await send(`${base}/${statementHandle}`);
      }
      const first = result.parse(JSON.parse(response.body.toString()));
      const rows = [...first.data];
      for (let part = 1; part < (first.resultSetMetaData.partitionInfo?.length ?? 1); part += 1) {
        const next = await send(`${base}/${first.statementHandle}?partition=${part}`);
        rows.push(...partition.parse(JSON.parse(next.body.toString())).data);
      }
      asked.push({ reading: reading.name, params, rows: rows.length });
      const columns = first.resultSetMetaData.rowType;
      return rows.map((row) => reading.row.parse(rowOf(columns, row)));
    },
  };
}

/** Snowflake's way; bound values go to the object, numbered from 1. */
export function snowflakeDialect(
  tenantId: string,
  bindings: Record<string, { type: 'TEXT'; value: string | null }>,
): Dialect {
  const bind = (value: string | number | null, type: SqlType) => {
    bindings[String(Object.keys(bindings).length + 1)] = { type: 'TEXT', value: value === null ? null : String(value) };
    return `CAST(? AS ${SNOWFLAKE_TYPES[type]})`;
  };
  // ARRAY_AGG leaves NULL out; the null of JSON stays.
  const list = (expression: string, orderBy: string) =>
    `ARRAY_AGG(COALESCE(TO_VARIANT(${expression}), PARSE_JSON('null'))) WITHIN GROUP (ORDER BY ${orderBy})`;
  return {
    table: (name) => {
      if (WAREHOUSE_TABLES[name] === undefined) throw new TypeError(`${name} is no table of the warehouse`);
      return `(SELECT * FROM ${name} WHERE tenant_id = ${bind(tenantId, 'text')})`;
    },
    bind,
    day: (expression) => `TO_CHAR(${expression}, 'YYYY-MM-DD')`,
    list,
    numbers: list,
    aligned: list,
    names: list,
    dayNumber: (expression) => `DATEDIFF('day', DATE '1970-01-01', ${expression})`,
    utcDay: (expression) => `TO_DATE(CONVERT_TIMEZONE('UTC', ${expression}))`,
  };
}

const SNOWFLAKE_TYPES: Record<SqlType, string> = {
  text: 'VARCHAR',
  date: 'DATE',
  float8: 'FLOAT',
  int: 'INTEGER',
  timestamptz: 'TIMESTAMP_TZ',
};

const column = z.object({ name: z.string(), type: z.string() });
const cells = z.array(z.array(z.string().nullable()));
const running = z.object({ statementHandle: z.string().regex(/^[0-9a-f-]+$/i) });
const partition = z.object({ data: cells });
const result = z.object({
  statementHandle: z.string().regex(/^[0-9a-f-]+$/i),
  resultSetMetaData: z.object({ rowType: z.array(column), partitionInfo: z.array(z.unknown()).optional() }),
  data: cells,
});

/** Values come as text; what they are says the column. */
function rowOf(columns: ReadonlyArray<z.output<typeof column>>, row: ReadonlyArray<string | null>): object {
  return Object.fromEntries(
    columns.map(({ name, type }, at) => {
      const value = row[at] ?? null;
      if (value === null) return [name.toLowerCase(), null];
      if (/^(fixed|real)$/i.test(type)) return [name.toLowerCase(), Number(value)];
      if (/^boolean$/i.test(type)) return [name.toLowerCase(), /^(true|1)$/i.test(value)];
      if (/^(array|variant|object)$/i.test(type)) return [name.toLowerCase(), JSON.parse(value)];
      return [name.toLowerCase(), value];
    }),
  );
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new ReosError('validation', 'The private key for Snowflake is no PEM of an RSA key.', { cause: error });
  }
}

/** The token of key-pair sign-in: issuer with the fingerprint of the public key, an hour at most. */
async function tokenOf({ account, user }: SnowflakeSettings, key: KeyObject, now: Date): Promise<string> {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const print = createHash('sha256').update(new Uint8Array(der)).digest('base64');
  const subject = `${account.split('.')[0]!.toUpperCase()}.${user.toUpperCase()}`;
  const issuedAt = Math.floor(now.getTime() / 1_000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(`${subject}.SHA256:${print}`)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 3_000)
    .sign(key);
}

function refusal({ account, user }: SnowflakeSettings, { status, body }: HttpResponse): ReosError {
  const said = z.object({ code: z.string(), message: z.string() }).partial().safeParse(parsed(body));
  const words = said.success ? `${said.data.code ?? ''} ${said.data.message ?? ''}`.trim().slice(0, 300) : '';
  const message = `Snowflake account ${account} answered ${status}${words === '' ? '' : `: ${words}`}.`;
  if (status === 401 || status === 403) {
    return new ReosError('auth_revoked', `${message} Check the key and the role of user ${user}.`);
  }
  const isPassing = status === 408 || status === 429 || status >= 500;
  return new ReosError(isPassing ? 'transient' : 'missing_part', message);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    // An error page of a proxy: the status says enough.
    return null;
  }
}
