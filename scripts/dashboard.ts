import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['src/web', 'src/sdk', 'src/domain', 'package-lock.json'];

/** Builds the dashboard into `dist/web` when it is not there or older than its sources; otherwise does nothing. */
export async function buildDashboard(): Promise<void> {
  const built = newest(join(root, 'dist/web/index.html'));
  if (built > Math.max(...SOURCES.map((source) => newest(join(root, source))))) return;
  process.stderr.write('building the dashboard\n');
  const { build } = await import('vite');
  await build({ configFile: join(root, 'src/web/vite.config.ts'), logLevel: 'warn', mode: 'production' });
}

/** The newest change of a file or of anything in a folder, ms since 1970; 0 when it is not there. */
function newest(path: string): number {
  const about = statSync(path, { throwIfNoEntry: false });
  if (about === undefined) return 0;
  if (!about.isDirectory()) return about.mtimeMs;
  const inside = readdirSync(path, { recursive: true, withFileTypes: true });
  return Math.max(
    0,
    ...inside.filter((one) => one.isFile()).map((one) => statSync(join(one.parentPath, one.name)).mtimeMs),
  );
}
