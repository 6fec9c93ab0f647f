import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveKeys, outboxEventKeys, readSecret } from '../src/secrets.ts';

const home = () => mkdtempSync(join(tmpdir(), 'secrets-'));

function readInOtherProcess(folder: string): Promise<string> {
  const script = `import(${JSON.stringify(resolve('src/secrets.ts'))}).then(({ readSecret }) => process.stdout.write(readSecret(${JSON.stringify(folder)}, undefined)))`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: process.cwd() });
  return new Promise((done, failed) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('error', failed);
    child.once('close', (code) => (code === 0 ? done(text) : failed(new Error(`exit ${code}`))));
  });
}

describe('the installation’s secret', () => {
  it('is made once, readable by its owner only, with nothing left beside it', () => {
    const folder = join(home(), 'new', 'home');
    const secret = readSecret(folder, undefined);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(readSecret(folder, undefined)).toBe(secret);
    expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['secret.key']);
  });

  it('gives way to the one that is set', () => {
    const folder = home();
    expect(readSecret(folder, 'set')).toBe('set');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is the same for processes that start at once', async () => {
    const folder = home();
    const read = await Promise.all(Array.from({ length: 3 }, () => readInOtherProcess(folder)));
    expect(new Set(read).size).toBe(1);
    expect(read[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(folder)).toEqual(['secret.key']);
  });

  it('gives a key per purpose', () => {
    const keys = Object.values(deriveKeys('secret'));
    expect(new Set(keys).size).toBe(keys.length);
    expect(deriveKeys('secret')).toEqual(deriveKeys('secret'));
    expect(deriveKeys('other').fileLinks).not.toBe(deriveKeys('secret').fileLinks);
  });

  it('keeps the key pair of the outbox', () => {
    const folder = home();
    expect(outboxEventKeys(folder).publicKey).toBe(outboxEventKeys(folder).publicKey);
    expect(statSync(join(folder, 'outbox-events.pem')).mode & 0o777).toBe(0o600);
  });
});
