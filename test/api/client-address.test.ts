import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../src/api/client-address.ts';

const TRUSTED = ['10.0.0.0/8', '::1/128'];

describe('where a request comes from', () => {
  it('is the connection, whatever a header says, when no proxy is trusted or the caller is none', () => {
    expect(clientAddress('203.0.113.9', '198.51.100.1', [])).toBe('203.0.113.9');
    expect(clientAddress('203.0.113.9', '198.51.100.1', TRUSTED)).toBe('203.0.113.9');
    expect(clientAddress(undefined, '198.51.100.1', TRUSTED)).toBeUndefined();
  });

  it('is the last that a trusted proxy saw, behind any number of them', () => {
    expect(clientAddress('10.0.0.2', '198.51.100.1', TRUSTED)).toBe('198.51.100.1');
    expect(clientAddress('::ffff:10.0.0.2', '1.1.1.1, 198.51.100.1, 10.3.3.3', TRUSTED)).toBe('198.51.100.1');
    expect(clientAddress('::1', '2001:db8::7', TRUSTED)).toBe('2001:db8::7');
  });

  it('never is what a client put before its own address', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.string())), (lies) => {
        expect(clientAddress('10.0.0.2', [...lies, '198.51.100.1'].join(','), TRUSTED)).toBe('198.51.100.1');
      }),
    );
  });

  it('stays with the proxy when the header is no address', () => {
    expect(clientAddress('10.0.0.2', 'nowhere', TRUSTED)).toBe('10.0.0.2');
  });
});
