import { spawn } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReosHome } from '../../src/runtime/home.ts';
import { acquireLock } from '../../src/runtime/lock-file.ts';
import { isRunning, ownIdentity, processStartToken } from '../../src/runtime/process-identity.ts';
import { clearRunningSystem, lockSystem, readRunningSystem, writeRunningSystem } from '../../src/runtime/state.ts';
import { temporaryHome } from './support.ts';

let home: ReosHome;
let remove: () => void;
beforeEach(() => {
  ({ home, remove } = temporaryHome());
});
afterEach(() => remove());

const system = {
  databaseUrl: 'postgres://u:p@127.0.0.1:1/postgres',
  temporalAddress: '127.0.0.1:2',
  temporalUiUrl: null,
  apiUrl: null,
  parts: [],
};

describe('process identity', () => {
  it('is ours while we run and nobody else’s', () => {
    expect(isRunning(ownIdentity())).toBe(true);
    expect(isRunning({ pid: process.pid, startToken: 'another start' })).toBe(false);
    expect(processStartToken(0)).toBeNull();
  });

  it('ends with the process, also before it is reaped', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const identity = { pid: child.pid!, startToken: processStartToken(child.pid!)! };
    expect(isRunning(identity)).toBe(true);
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
    expect(isRunning(identity)).toBe(false);
  });
});

describe('lockSystem', () => {
  it('refuses a second holder, naming the first, and is free again afterwards', async () => {
    const release = await lockSystem(home);
    await expect(lockSystem(home)).rejects.toMatchObject({ code: 'conflict', details: { pid: process.pid } });
    release();
    release();
    (await lockSystem(home))();
  });

  it('takes over a lock whose owner is gone, or whose pid is another process by now', async () => {
    mkdirSync(home.run, { recursive: true });
    const path = join(home.run, 'system.lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, startToken: 'before the restart' }));
    const release = await lockSystem(home);
    await expect(lockSystem(home)).rejects.toMatchObject({ code: 'conflict' });
    release();
  });

  it('lets one of many in at a time', async () => {
    const path = join(home.root, 'one.lock');
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        const release = await acquireLock(path, { what: 'The test', waitMs: 10_000 });
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((done) => setTimeout(done, 5));
        inside -= 1;
        release();
      }),
    );
    expect(most).toBe(1);
  });
});

describe('the running system', () => {
  it('is read back while its owner lives, from a file only the owner can read', () => {
    expect(readRunningSystem(home)).toBeNull();
    writeRunningSystem(home, system);
    expect(readRunningSystem(home)).toMatchObject({ ...system, pid: process.pid });
    expect(statSync(join(home.run, 'system.json')).mode & 0o777).toBe(0o600);
    clearRunningSystem(home);
    expect(readRunningSystem(home)).toBeNull();
  });

  it('is nothing when its owner died', () => {
    const written = writeRunningSystem(home, system);
    writeFileSync(join(home.run, 'system.json'), JSON.stringify({ ...written, startToken: 'earlier' }));
    expect(readRunningSystem(home)).toBeNull();
  });
});
