import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../domain/errors.ts';
import type { OnProgress } from './ladder.ts';
import { type ZipEntry, zipEntries } from './lightgbm-zip.ts';
import { findOnPath, lastWords, runCommand } from './run-command.ts';

/** One file of the Python package index, pinned. */
export type Wheel = { project: string; version: string; file: string; sha256: string; pipArgs: string[] };

/** The release of LightGBM that is downloaded. */
export const lightgbmVersion = '4.6.0';

/** platform-architecture of Node → platform tag of the wheel, SHA-256 of the file. */
const lightgbmWheels: Record<string, [string, string]> = {
  'linux-x64': ['manylinux_2_28_x86_64', 'cb19b5afea55b5b61cbb2131095f50538bd608a00655f23ad5d25ae3e3bf1c8d'],
  'linux-arm64': ['manylinux2014_aarch64', '4d68712bbd2b57a0b14390cbf9376c1d5ed773fa2e71e099cac588703b590336'],
  'darwin-x64': ['macosx_10_15_x86_64', 'b7a393de8a334d5c8e490df91270f0763f83f959574d504c7ccb9eee4aef70ed'],
  'darwin-arm64': ['macosx_12_0_arm64', '2dafd98d4e02b844ceb0b61450a660681076b1ea6c7adb8c566dfd66832aafad'],
  'win32-x64': ['win_amd64', '37089ee95664b6550a7189d887dbf098e3eadab03537e411f52c63c121e3ba4b'],
};

/** scikit-learn's wheels carry a libgomp of their own; only that file is taken from them. */
const openMpWheels: Record<string, [string, string]> = {
  'linux-x64': ['x86_64', '5b2de18d86f630d68fe1f87af690d451388bb186480afc719e5f770590c2ef6c'],
  'linux-arm64': ['aarch64', 'cb06f8dce3f5ddc5dee1715a9b9f19f20d295bed8e3cd4fa51e1d050347de525'],
};

/** LightGBM's wheel for a machine, or null when there is none. */
export function lightgbmWheel(platform: string, arch: string): Wheel | null {
  const found = lightgbmWheels[`${platform}-${arch}`];
  if (!found) return null;
  const [tag, sha256] = found;
  const file = `lightgbm-${lightgbmVersion}-py3-none-${tag}.whl`;
  return { project: 'lightgbm', version: lightgbmVersion, file, sha256, pipArgs: ['--platform', tag] };
}

/** The wheel that carries libgomp for a machine, or null when there is none. */
export function openMpWheel(platform: string, arch: string): Wheel | null {
  const found = openMpWheels[`${platform}-${arch}`];
  if (!found) return null;
  const [machine, sha256] = found;
  const file = `scikit_learn-1.3.2-cp312-cp312-manylinux_2_17_${machine}.manylinux2014_${machine}.whl`;
  const python = ['--implementation', 'cp', '--python-version', '3.12', '--abi', 'cp312'];
  const pipArgs = ['--platform', `manylinux2014_${machine}`, ...python];
  return { project: 'scikit-learn', version: '1.3.2', file, sha256, pipArgs };
}

/** How wheels are fetched. `indexUrl` replaces PyPI's address in tests. */
export type FetchOptions = { env: NodeJS.ProcessEnv; onProgress?: OnProgress; indexUrl?: string };
export type FetchWheel = (wheel: Wheel, folder: string, options: FetchOptions) => Promise<ZipEntry[]>;

const timeoutMs = 5 * 60_000;

/** Fetches a wheel with the machine's pip, so that its index, proxy and certificates are used. */
export const fetchWithPip: FetchWheel = async (wheel, folder, { env, onProgress }) => {
  const commands = [...['python3', 'python'].map((name) => [name, '-m', 'pip']), ['pip3'], ['pip']];
  const found = commands.flatMap(([name, ...args]) => {
    const path = findOnPath([name!], env);
    return path ? [{ path, args }] : [];
  });
  if (found.length === 0) throw new Error('neither python3 nor pip is on PATH');
  onProgress?.(`Downloading ${wheel.project} ${wheel.version} with pip`);
  let reason = '';
  for (const { path, args } of found) {
    const options = ['--no-deps', '--only-binary=:all:', '--no-input', '--disable-pip-version-check', '--quiet'];
    const what = [...wheel.pipArgs, '--dest', folder, `${wheel.project}==${wheel.version}`];
    const result = await runCommand(path, [...args, 'download', ...options, ...what], { cwd: folder, env, timeoutMs });
    if (result.code === 0 && existsSync(join(folder, wheel.file))) return checkedEntries(wheel, folder);
    reason ||= `${path}: ${result.code === 0 ? `it did not bring ${wheel.file}` : lastWords(result)}`;
  }
  throw new Error(reason);
};

/** Fetches a wheel from the address that PyPI names for it (https://docs.pypi.org/api/json/). */
export const fetchFromIndex: FetchWheel = async (wheel, folder, { onProgress, indexUrl = 'https://pypi.org' }) => {
  const page = `${indexUrl}/pypi/${wheel.project}/${wheel.version}/json`;
  const known = (await (await get(page)).json()) as { urls?: { filename?: string; url?: string }[] };
  const url = known.urls?.find(({ filename }) => filename === wheel.file)?.url;
  if (!url) throw new Error(`${page} does not name ${wheel.file}`);
  onProgress?.(`Downloading ${url}`);
  writeFileSync(join(folder, wheel.file), Buffer.from(await (await get(url)).arrayBuffer()));
  return checkedEntries(wheel, folder);
};

async function get(url: string): Promise<Response> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return response;
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${messageOf(error.cause)})` : '';
    throw new Error(`${url}: ${messageOf(error)}${cause}`, { cause: error });
  }
}

function checkedEntries({ file, sha256 }: Wheel, folder: string): ZipEntry[] {
  const bytes = readFileSync(join(folder, file));
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) throw new Error(`${file} has SHA-256 ${actual}, not ${sha256}: it is not used`);
  return zipEntries(bytes);
}
