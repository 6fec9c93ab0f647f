import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FetchOptions, type FetchWheel, openMpWheel } from './lightgbm-wheel.ts';

/** The name under which LightGBM asks for GNU's OpenMP library. */
const openMpName = 'libgomp.so.1';

/**
 * Puts the libgomp of scikit-learn's wheel beside LightGBM, for a Linux without one; whoever loads LightGBM loads it first.
 * @param folder where it goes, as libgomp.so.1
 * @param work where the wheel is downloaded to
 * @throws Error when there is no wheel for this machine or it does not come
 */
export async function addOpenMp(
  folder: string,
  work: string,
  fetchWheel: FetchWheel,
  options: FetchOptions,
): Promise<void> {
  const wheel = openMpWheel(process.platform, process.arch);
  if (!wheel) throw new Error(`there is none for ${process.platform} ${process.arch}`);
  const entries = await fetchWheel(wheel, work, options);
  const entry = entries.find(({ name }) => /\/libgomp-[^/]*$/.test(name));
  if (!entry) throw new Error(`${wheel.file} holds no libgomp`);
  writeFileSync(join(folder, openMpName), withUsualName(entry.read()), { mode: 0o755 });
}

/**
 * Wheels rename the libraries they carry ("libgomp-a34b3233.so.1.0.0"), inside too, so that LightGBM would not know this
 * one as its own. Writes the usual name over the longer one.
 * @throws Error when the bytes hold no such name, or several
 */
export function withUsualName(library: Buffer): Buffer {
  const renamed = [...library.toString('latin1').matchAll(/libgomp-[0-9a-f]+\.so\.1[.0-9]*\0/g)];
  const [found] = renamed;
  if (!found || renamed.length > 1) throw new Error(`it names itself ${renamed.length} times, not once`);
  const result = Buffer.from(library);
  result.fill(0, found.index, found.index + found[0].length);
  result.write(openMpName, found.index, 'latin1');
  return result;
}
