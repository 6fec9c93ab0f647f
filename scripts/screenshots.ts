// Pictures of every screen in both themes and at phone width, into `screenshots/`: the screens' own test, told to keep them.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', 'test/web/screens'],
  { stdio: 'inherit', env: { ...process.env, REOS_SCREENSHOTS: 'screenshots' } },
);
process.exitCode = status ?? 1;
