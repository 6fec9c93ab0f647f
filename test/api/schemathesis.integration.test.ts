import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { issueAccessToken } from '../../src/api/auth/access-token.ts';
import { TEST_TOKEN_KEYS } from '../support/identity.ts';
import { findSchemathesis, runProgram } from '../support/schemathesis.ts';
import { startWholeApi } from '../support/whole-api.ts';
import { createSeeder } from './isolation-world.ts';

// How many requests of each kind are made up; none: not asked for, which `npm run schemathesis` does.
const IS_ASKED = process.env['npm_lifecycle_event'] === 'schemathesis';
const EXAMPLES = Number(process.env['SCHEMATHESIS_EXAMPLES'] ?? (IS_ASKED ? 20 : 0));
/** Another seed makes up other requests. */
const SEED = process.env['SCHEMATHESIS_SEED'] ?? '1';
const TIME_LIMIT_MS = 120_000 + EXAMPLES * 60_000;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
// Streams have no end to wait for: test/api/events. The whole health is 503 where a part of this machine is slow, and
// approving waits for workers that send, searching by meaning for a model: they say so rightly.
const LEFT_OUT = '(/stream|/api/v1/events|/health/comprehensive|/semantic|/approve-outreach)$';

const found = EXAMPLES > 0 ? await findSchemathesis() : { why: 'npm run schemathesis runs it' };
const title = 'path' in found ? '' : ` (skipped: ${found.why})`;

describe.skipIf(!('path' in found))(`the API as its document says it${title}`, () => {
  it(
    'has no answer of another shape and none that is a fault inside, whatever is asked',
    async () => {
      const api = await startWholeApi();
      const folder = await mkdtemp(join(tmpdir(), 'reos-schemathesis-'));
      const reset = await createSeeder(api.database);
      const own = {
        tenantId: api.database.tenantId,
        id: randomUUID(),
        marker: `own-${randomBytes(6).toString('hex')}`,
      };
      await reset(own);
      try {
        const token = await issueAccessToken(TEST_TOKEN_KEYS, { tenantId: own.tenantId, userId: own.id }, new Date());
        const config = join(folder, 'schemathesis.toml');
        await writeFile(config, settingsOf(own.id, token));
        const run = await runProgram(
          'path' in found ? found.path : '',
          [
            ...['--config-file', config, 'run', `${api.url}/openapi.json`],
            ...['--phases', 'fuzzing', '--max-examples', String(EXAMPLES), '--seed', SEED, '--workers', '2'],
            ...['--checks', CHECKS.join(','), '--exclude-path-regex', LEFT_OUT, '--request-timeout', '15'],
            ...['--generation-database', 'none', '--suppress-health-check', 'all', '--warnings', 'off', '--no-color'],
          ],
          { cwd: folder, timeoutMs: TIME_LIMIT_MS },
        );
        expect(run.code, `${run.output}\n${api.faults.join('\n')}`).toBe(0);
        expect(run.output).toMatch(/[1-9]\d* passed/);
      } finally {
        await api.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
    TIME_LIMIT_MS + 60_000,
  );
});

/** Ids that are there. */
function settingsOf(id: string, token: string): string {
  return [
    `headers = { Authorization = "Bearer ${token}" }`,
    '[parameters]',
    `"path.id" = "${id}"`,
    `"path.user_id" = "${id}"`,
    `"path.tag_id" = "${id}"`,
    '"path.dag_id" = "sys_heartbeat"',
    // The end of an order takes workers of every queue; here are those that read and write state alone.
    '"query.wait" = "false"',
    '',
  ].join('\n');
}
