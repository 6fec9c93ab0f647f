import { createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePort, choosePorts, isPortFree, portRange } from '../../src/runtime/ports.ts';

let server: Server | null = null;
afterEach(() => server?.close());

function occupy(): Promise<number> {
  return new Promise((done) => {
    server = createServer().listen(0, '127.0.0.1', () => done((server!.address() as { port: number }).port));
  });
}

describe('choosePort', () => {
  it('takes the preferred port when it is free', async () => {
    const free = await choosePort(0);
    expect(await choosePort(free)).toBe(free);
  });

  it('takes another free port when the preferred one is taken', async () => {
    const taken = await occupy();
    const chosen = await choosePort(taken);
    expect(chosen).not.toBe(taken);
    expect(await isPortFree(taken)).toBe(false);
    expect(await isPortFree(chosen)).toBe(true);
  });

  it('gives none that an outgoing connection may take while the part is down', async () => {
    for (const port of await choosePorts([0, 0, 0, 0])) {
      expect(port).toBeGreaterThanOrEqual(portRange.first);
      expect(port).toBeLessThanOrEqual(portRange.last);
    }
    expect(portRange.last).toBeLessThan(32_768);
  });

  it('never gives one port twice, whatever is preferred', async () => {
    const some = await choosePort(0);
    const preference = fc.constantFrom(0, some);
    await fc.assert(
      fc.asyncProperty(fc.array(preference, { maxLength: 6 }), async (preferences) => {
        const chosen = await choosePorts(preferences);
        expect(new Set(chosen).size).toBe(preferences.length);
      }),
      { numRuns: 20 },
    );
  });
});
