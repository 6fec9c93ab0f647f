import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { HISTORIES } from '../support/histories.ts';

/**
 * Records the histories that are missing: `node --import tsx test/replay/record.ts`. Runs the workflows' integration
 * tests, which keep the history of each path. One that exists stays: it proves that runs begun with older code go on,
 * so a workflow change that breaks it needs `patched`, not a new recording.
 */
const child = spawn('npx', ['vitest', 'run', '--project', 'integration', 'test/workflows'], {
  stdio: 'inherit',
  env: { ...process.env, REOS_RECORD_HISTORIES: HISTORIES },
});
const [code] = await once(child, 'exit');
process.exitCode = code ?? 1;
