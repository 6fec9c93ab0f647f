import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { messageOf } from '../domain/errors.ts';
import type { OnProgress } from './ladder.ts';
import { lastWords, runCommand } from './run-command.ts';

const answerTimeoutMs = 5_000;
const wholeTimeoutMs = 5 * 60_000;

/** Address of the official archive of one CLI release for this machine (https://docs.temporal.io/cli/setup-cli). */
export function temporalArchiveUrl(version: string, base = 'https://temporal.download/cli/archive'): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return `${base}/${version}?platform=${platform}&arch=${arch}`;
}

/**
 * Downloads the release's archive into `folder` and unpacks it there with the system's tar.
 * @param options.downloadUrl base address of the archives, for mirrors
 * @throws Error with the reason: no answer in 5 s, an HTTP status, no end in 5 min, a broken archive
 */
export async function downloadTemporal(
  folder: string,
  version: string,
  options: { env: NodeJS.ProcessEnv; onProgress?: OnProgress; downloadUrl?: string },
): Promise<void> {
  const url = temporalArchiveUrl(version, options.downloadUrl);
  options.onProgress?.(`Downloading the Temporal server from ${url}`);
  const archive = join(folder, 'archive');
  await fetchToFile(url, archive);
  const result = await runCommand('tar', ['-xf', archive, '-C', folder], { env: options.env, timeoutMs: 60_000 });
  if (result.code !== 0) throw new Error(`the archive from ${url} cannot be unpacked: ${lastWords(result)}`);
}

async function fetchToFile(url: string, path: string): Promise<void> {
  const stop = new AbortController();
  const giveUp = (reason: string) => () => stop.abort(new Error(reason));
  const whole = setTimeout(giveUp(`no end within ${wholeTimeoutMs / 60_000} min`), wholeTimeoutMs);
  const answer = setTimeout(giveUp(`no answer within ${answerTimeoutMs / 1000} s`), answerTimeoutMs);
  try {
    const response = await fetch(url, { signal: stop.signal });
    clearTimeout(answer);
    if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(path), { signal: stop.signal });
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${messageOf(error.cause)})` : '';
    const reason = stop.signal.aborted ? messageOf(stop.signal.reason) : messageOf(error);
    throw new Error(`${url}: ${reason}${cause}`, { cause: error });
  } finally {
    clearTimeout(whole);
    clearTimeout(answer);
  }
}
