import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/runtime/doctor.ts';
import type { ReosHome } from '../../src/runtime/home.ts';
import { findLightGbm } from '../../src/runtime/lightgbm.ts';
import { withUsualName } from '../../src/runtime/lightgbm-openmp.ts';
import { fetchFromIndex, lightgbmWheel, openMpWheel } from '../../src/runtime/lightgbm-wheel.ts';
import { zipEntries } from '../../src/runtime/lightgbm-zip.ts';
import { script, temporaryHome } from './support.ts';

let home: ReosHome;
let remove: () => void;
beforeEach(() => {
  ({ home, remove } = temporaryHome());
});
afterEach(() => remove());

/** A zip archive of the given files. */
function zip(files: Record<string, Buffer>, method: 0 | 8 = 8): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = method === 8 ? deflateRawSync(bytes) : bytes;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const parts = [Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed];
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\u0001\u0002\0\0'), common, tail, Buffer.from(name));
    local.push(...parts);
    at += parts.reduce((sum, part) => sum + part.length, 0);
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...local, ...directory, Buffer.from('PK\u0005\u0006'), end]);
}

describe('zipEntries', () => {
  it('gives back what was packed, stored or deflated', () => {
    const name = fc.stringMatching(/^[a-z/é.]{1,20}$/);
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.dictionary(name, bytes), fc.constantFrom(0 as const, 8 as const), (files, method) => {
        const entries = zipEntries(zip(files, method));
        expect(Object.fromEntries(entries.map((entry) => [entry.name, entry.read()]))).toEqual(files);
      }),
    );
  });

  it('refuses what is cut off, changed or no archive', () => {
    const archive = zip({ 'a/lib.so': Buffer.from('some bytes of a library') }, 0);
    expect(() => zipEntries(archive.subarray(0, -30))).toThrow(/cut off/);
    expect(() => zipEntries(Buffer.from('<html>login</html>'))).toThrow(/no zip archive/);
    const changed = Buffer.from(archive);
    changed[40] = changed[40]! ^ 1;
    expect(() => zipEntries(changed).map((entry) => entry.read())).toThrow(/lib.so is damaged/);
  });
});

describe('the wheel of LightGBM', () => {
  it('is the one for the machine, pinned', () => {
    expect(lightgbmWheel('linux', 'x64')?.file).toBe('lightgbm-4.6.0-py3-none-manylinux_2_28_x86_64.whl');
    expect(lightgbmWheel('linux', 'arm64')?.pipArgs).toEqual(['--platform', 'manylinux2014_aarch64']);
    expect(lightgbmWheel('darwin', 'arm64')?.file).toContain('macosx_12_0_arm64');
    expect(lightgbmWheel('win32', 'x64')?.file).toContain('win_amd64');
    expect(lightgbmWheel('freebsd', 'x64')).toBeNull();
    expect(openMpWheel('darwin', 'arm64')).toBeNull();
    expect(openMpWheel('linux', 'arm64')?.file).toMatch(/cp312-manylinux_2_17_aarch64.manylinux2014_aarch64\.whl$/);
  });

  it('is refused when its hash is another one', async () => {
    const wheel = lightgbmWheel('linux', 'x64')!;
    const server = createServer((request, response) => {
      const json = { urls: [{ filename: wheel.file, url: `http://127.0.0.1:${port}/wheel` }] };
      response.end(request.url === '/pypi/lightgbm/4.6.0/json' ? JSON.stringify(json) : 'another file');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const fetching = fetchFromIndex(wheel, join(home.root, '..'), { env: {}, indexUrl: `http://127.0.0.1:${port}` });
    await expect(fetching).rejects.toThrow(/SHA-256 \w{64}, not cb19b5af\w+: it is not used/);
    server.close();
  });
});

describe('withUsualName', () => {
  it('gives the library the name that LightGBM asks for, and moves nothing', () => {
    const library = Buffer.from('\x7fELF..libgomp.so.1\0..libgomp-a34b3233.so.1.0.0\0rest');
    const renamed = withUsualName(library).toString('latin1');
    expect(renamed).toBe(`\x7fELF..libgomp.so.1\0..libgomp.so.1${'\0'.repeat(14)}rest`);
    expect(() => withUsualName(Buffer.from('\x7fELF'))).toThrow(/0 times/);
  });
});

describe('the LightGBM ladder', () => {
  const indexUrl = 'http://127.0.0.1:2';

  it('says what was tried and what to do, and leaves nothing behind', async () => {
    const library = join(home.root, '..', 'lib_lightgbm.so');
    writeFileSync(library, 'no library');
    script(join(home.root, 'bin'), 'python3', 'echo "No module named pip" >&2; exit 1');
    const env = { PATH: join(home.root, 'bin'), LIGHTGBM_LIBRARY: library };
    const error = await findLightGbm({ home, env, indexUrl }).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'missing_part' });
    expect(error.message).toMatch(
      /LIGHTGBM_LIBRARY: .*lib_lightgbm.so does not load: .*(file too short|invalid ELF|not a)/,
    );
    expect(error.message).toMatch(/wheel by pip: .*No module named pip/);
    expect(error.message).toMatch(/wheel from pypi.org: http:\/\/127\.0\.0\.1:2.*/);
    expect(error.message).toMatch(/Next step: install libgomp .*libgomp1/);
    expect(existsSync(join(home.cache, 'lightgbm-4.6.0'))).toBe(false);
    expect(existsSync(join(home.cache, `installing-lightgbm-${process.pid}`))).toBe(false);
  });

  it('is a remark of the doctor, never a reason to be unwell', async () => {
    const env = { PATH: '', LIGHTGBM_LIBRARY: '/nowhere/lib_lightgbm.so' };
    const reports = await diagnose({ home, env, temporalAddress: '127.0.0.1:1', browserPlaces: [] });
    const report = reports.find(({ part }) => part === 'lightgbm');
    expect(report?.status).toBe('warn');
    expect(report?.detail).toMatch(/there is no file \/nowhere.*; scores by weights work without it/);
    expect(existsSync(home.cache)).toBe(false);
  });
});
