// Pictures of every screen and dialog in both themes, wide and at phone width, into `screenshots/`: the screens' own test,
// told to keep them. With `--readme` the picture that the README shows is renewed from them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, statSync } from 'node:fs';

const MOST_BYTES = 200_000;
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', 'test/web/screens'],
  { stdio: 'inherit', env: { ...process.env, REOS_SCREENSHOTS: 'screenshots' } },
);
process.exitCode = status ?? 1;
if (process.argv.includes('--readme') && status === 0) {
  const { size } = statSync('screenshots/readme.png');
  if (size > MOST_BYTES) throw new Error(`screenshots/readme.png has ${size} bytes; ${MOST_BYTES} are the most`);
  copyFileSync('screenshots/readme.png', 'docs/images/dashboard.png');
}
