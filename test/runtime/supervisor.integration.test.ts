import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReosHome } from '../../src/runtime/home.ts';
import { isRunning, processStartToken } from '../../src/runtime/process-identity.ts';
import { logPath, maxLogBytes } from '../../src/runtime/process-log.ts';
import type { ProcessSpec } from '../../src/runtime/process-spec.ts';
import { readProcessRecord, type SupervisedProcess, superviseProcess } from '../../src/runtime/supervisor.ts';
import { temporaryHome, until } from './support.ts';

let home: ReosHome;
let remove: () => void;
let running: SupervisedProcess | null = null;
beforeEach(() => {
  ({ home, remove } = temporaryHome());
});
afterEach(async () => {
  await running?.stop();
  running = null;
  remove();
});

const forever = 'console.log("hello from " + process.pid); setInterval(() => {}, 1000)';
const policy = { maxQuickFailures: 3, quickMs: 10_000, firstDelayMs: 5, maxDelayMs: 20 };

function node(code: string, more: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name: 'child',
    command: process.execPath,
    args: ['-e', code],
    env: { PATH: '/usr/bin:/bin' },
    port: 4711,
    source: 'test',
    version: '1',
    ready: async () => readFileSync(logPath(home, 'child'), 'utf8').includes('hello'),
    readyTimeoutMs: 5_000,
    stopSignal: 'SIGTERM',
    graceMs: 2_000,
    ...more,
  };
}

describe('superviseProcess', () => {
  it('starts a killed process again, keeps its log and its record', async () => {
    const reasons: string[] = [];
    running = await superviseProcess(
      home,
      node(forever),
      { onRestart: (_name, reason) => reasons.push(reason) },
      policy,
    );
    const first = running.pid()!;
    expect(readProcessRecord(home, 'child')).toMatchObject({ pid: first, port: 4711, source: 'test', version: '1' });
    process.kill(first, 'SIGKILL');
    await until(() => running!.pid() !== null && running!.pid() !== first);
    expect(running.restarts()).toBe(1);
    expect(reasons).toEqual(['it was ended by SIGKILL']);
    await until(() => readFileSync(logPath(home, 'child'), 'utf8').includes(`hello from ${running!.pid()}`));
    expect(readFileSync(logPath(home, 'child'), 'utf8')).toContain(`hello from ${first}`);
  });

  it('stops in good order, stays stopped and remembers the port', async () => {
    running = await superviseProcess(home, node(forever), {}, policy);
    const pid = running.pid()!;
    await Promise.all([running.stop(), running.stop()]);
    expect(processStartToken(pid)).toBeNull();
    expect(running.restarts()).toBe(0);
    expect(readProcessRecord(home, 'child')).toMatchObject({ pid: null, port: 4711 });
  });

  it('kills what does not listen to the stop signal', async () => {
    const deaf = `process.on('SIGTERM', () => {}); ${forever}`;
    running = await superviseProcess(home, node(deaf, { graceMs: 100 }), {}, policy);
    const pid = running.pid()!;
    await running.stop();
    expect(processStartToken(pid)).toBeNull();
  });

  it('gives up with the log’s last lines', async () => {
    const failing = node('console.error("disk is full"); process.exit(3)', { ready: async () => false });
    const gaveUp: string[] = [];
    const attempt = superviseProcess(home, failing, { onGaveUp: (name) => gaveUp.push(name) }, policy);
    await expect(attempt).rejects.toMatchObject({ code: 'missing_part', details: { failures: 3 } });
    await expect(attempt).rejects.toThrow(/ended with code 3.*child\.log[\s\S]*disk is full/);
    expect(gaveUp).toEqual(['child']);
  });

  it('names a program that cannot start, and one that never gets ready', async () => {
    const absent = node('', { command: '/no/such/program', env: {} });
    await expect(superviseProcess(home, absent, {}, policy)).rejects.toThrow(/could not start|No such file/);
    const silent = node(forever, { ready: async () => false, readyTimeoutMs: 100 });
    await expect(superviseProcess(home, silent, {}, policy)).rejects.toThrow(/did not answer within/);
  });

  it('ends what an earlier owner left behind, but never a stranger with its pid', async () => {
    const leftover = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const tokens = [leftover, stranger].map((child) => ({
      pid: child.pid!,
      startToken: processStartToken(child.pid!)!,
    }));
    mkdirSync(home.run, { recursive: true });
    writeFileSync(join(home.run, 'child.json'), JSON.stringify(tokens[0]));
    running = await superviseProcess(home, node(forever), {}, policy);
    expect(isRunning(tokens[0]!)).toBe(false);
    await running.stop();
    writeFileSync(join(home.run, 'child.json'), JSON.stringify({ ...tokens[1], startToken: 'older' }));
    running = await superviseProcess(home, node(forever), {}, policy);
    expect(isRunning(tokens[1]!)).toBe(true);
    stranger.kill('SIGKILL');
  });

  it('sets a large log aside', async () => {
    mkdirSync(home.logs, { recursive: true });
    writeFileSync(logPath(home, 'child'), Buffer.alloc(maxLogBytes + 1));
    running = await superviseProcess(home, node(forever), {}, policy);
    expect(existsSync(`${logPath(home, 'child')}.1`)).toBe(true);
    expect(statSync(logPath(home, 'child')).size).toBeLessThan(1_000);
  });

  it.runIf(process.platform === 'linux' && existsSync('/usr/bin/setpriv'))(
    'leaves no child behind when the owner is killed',
    async () => {
      const modules = ['supervisor', 'home'].map((name) => pathToFileURL(`src/runtime/${name}.ts`).href);
      const owner = `import { superviseProcess } from '${modules[0]}'; import { reosHome } from '${modules[1]}';
        const spec = ${JSON.stringify(node(forever))};
        await superviseProcess(reosHome(${JSON.stringify(home.root)}), { ...spec, ready: async () => true });`;
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', owner], {
        stdio: 'inherit',
      });
      await until(() => Boolean(readProcessRecord(home, 'child')?.pid));
      const { pid, startToken } = readProcessRecord(home, 'child')!;
      await until(() => existsSync(logPath(home, 'child')) && statSync(logPath(home, 'child')).size > 0);
      child.kill('SIGKILL');
      await until(() => !isRunning({ pid: pid!, startToken: startToken! }));
    },
  );
});
