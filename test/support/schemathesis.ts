import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The version that is installed where none is. */
const VERSION = '4.32.5';
const FOLDER = resolve('node_modules/.cache/reos-test', `schemathesis-${VERSION}`);

/** Finds schemathesis on PATH, or installs it into a folder of the tests' own; says why when neither can be. */
export async function findSchemathesis(): Promise<{ path: string } | { why: string }> {
  const onPath = await runProgram('schemathesis', ['--version'], { timeoutMs: 20_000 });
  if (onPath.code === 0) return { path: 'schemathesis' };
  const path = join(FOLDER, process.platform === 'win32' ? 'Scripts/schemathesis.exe' : 'bin/schemathesis');
  if (existsSync(path)) return { path };
  const python = await runProgram('python3', ['-m', 'venv', FOLDER], { timeoutMs: 60_000 });
  if (python.code !== 0) return { why: 'python3 with venv is not on PATH' };
  const installer = join(FOLDER, process.platform === 'win32' ? 'Scripts/pip.exe' : 'bin/pip');
  const installed = await runProgram(installer, ['install', '--quiet', `schemathesis==${VERSION}`], {
    timeoutMs: 120_000,
  });
  return installed.code === 0 ? { path } : { why: `pip cannot install schemathesis ${VERSION}` };
}

/** Runs a program to its end; code 1 with the reason for one that cannot start or takes too long. */
export function runProgram(
  path: string,
  args: readonly string[],
  { cwd, timeoutMs }: { cwd?: string; timeoutMs: number },
): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const child = spawn(path, args, { cwd, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (data: Buffer) => {
      output += data.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => done({ code: 1, output: error.message }));
    child.on('close', (code, signal) =>
      done({
        code: code ?? 1,
        output: signal === null ? output : `${output}\nended by ${signal} after ${timeoutMs} ms`,
      }),
    );
  });
}
