import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Generates src/db/tables.ts, or with `--verify` fails when it is not what would be generated.
 * @param adminUrl a superuser's URL: the tables are hidden from the login
 */
export async function generateTables(adminUrl: string, ...extra: '--verify'[]): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    [
      'node_modules/kysely-codegen/dist/cli/bin.js',
      ...['--url', adminUrl, '--dialect', 'postgres', '--camel-case', '--date-parser', 'string'],
      // Counts and cents fit a double; transaction ids are compared by Postgres, never computed with.
      ...['--type-mapping', '{"int8":"number","xid8":"string"}'],
      ...['--exclude-pattern', 'schema_migrations', '--out-file', 'src/db/tables.ts'],
      ...extra,
    ],
    { cwd: ROOT },
  );
}
