import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
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
  const place = join(root, 'dist/web');
  mkdirSync(join(root, 'dist'), { recursive: true });
  // Built aside and moved into place whole: two processes may build at once, and a third may be reading.
  const aside = mkdtempSync(join(root, 'dist/building-'));
  chmodSync(aside, 0o755);
  try {
    await build({
      configFile: join(root, 'src/web/vite.config.ts'),
      logLevel: 'warn',
      mode: 'production',
      build: { outDir: aside },
    });
    rmSync(place, { recursive: true, force: true });
    renameSync(aside, place);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    // Another process put its build there in the same moment.
    if (!['ENOTEMPTY', 'EEXIST'].includes(String((error as { code?: unknown }).code))) throw error;
  }
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
