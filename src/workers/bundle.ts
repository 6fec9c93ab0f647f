import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

const SOURCE = fileURLToPath(new URL('..', import.meta.url));
/** Rooms whose code can end up in the bundle. */
const ROOMS = ['workflows', 'domain'];

/**
 * The workflow bundle, built once per state of the code and kept: a worker starts in a moment the next time.
 * @param cacheDir where bundles are kept
 */
export async function workflowBundle(cacheDir: string): Promise<WorkflowBundle> {
  const file = join(cacheDir, `workflows-${await sourceHash()}.js`);
  try {
    return { code: await readFile(file, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const { code } = await buildBundle();
  await mkdir(cacheDir, { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, code);
  await rename(draft, file);
  return { code };
}

/** Builds the bundle from source, without a cache. */
export function buildBundle(): Promise<WorkflowBundle> {
  const silent = () => undefined;
  return bundleWorkflowCode({
    workflowsPath: join(SOURCE, 'workflows', 'index.ts'),
    logger: { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent },
  });
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const room of ROOMS) {
    const names = await readdir(join(SOURCE, room), { recursive: true });
    for (const name of names.filter((path) => path.endsWith('.ts')).sort()) {
      hash.update(name).update(await readFile(join(SOURCE, room, name)));
    }
  }
  hash.update(await readFile(join(SOURCE, '..', 'package-lock.json')));
  return hash.digest('hex').slice(0, 24);
}
