import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLiteralHost, isPublicAddress, parseHttpUrl, resolvePublicHost } from '../../src/http/address-guard.ts';

describe('isPublicAddress', () => {
  it.each([
    '10.0.0.1',
    '172.16.4.4',
    '192.168.1.1',
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.0.8',
    '168.63.129.16',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    'fec0::1',
    'not an address',
    '',
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111'])('lets %s through', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('refuses the whole of every private IPv4 block', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const block = fc.oneof(
      fc.tuple(fc.constant(10), byte, byte, byte),
      fc.tuple(fc.constant(127), byte, byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
      fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
    );
    fc.assert(
      fc.property(block, (octets) => {
        const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
        for (const spelling of [octets.join('.'), String(number), `0x${number.toString(16)}`]) {
          expect(() => checkLiteralHost(parseHttpUrl(`http://${spelling}/`))).toThrow(/public internet/);
        }
      }),
    );
  });
});

describe('parseHttpUrl', () => {
  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'gopher://a/',
    '/relative',
    'http://',
    '',
  ])('refuses %s', (text) => {
    expect(() => parseHttpUrl(text)).toThrowError(expect.objectContaining({ code: 'blocked' }));
  });

  it('refuses a user name in the address and does not repeat the password', () => {
    expect(() => parseHttpUrl('https://someone:s3cret@example.com/')).toThrow(/user name or password/);
    expect(() => parseHttpUrl('https://someone:s3cret@example.com/')).not.toThrow(/s3cret/);
  });

  it.each([
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://127.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::1]/',
    'http://[fd00::1]/',
    'http://localhost/',
    'http://localhost./',
    'http://a.localhost/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
  ])('recognises %s as this machine', (text) => {
    expect(() => checkLiteralHost(parseHttpUrl(text))).toThrowError(expect.objectContaining({ code: 'blocked' }));
  });
});

describe('resolvePublicHost', () => {
  it('refuses a name with one private address among public ones', async () => {
    const resolve = async () => [
      { address: '8.8.8.8', family: 4 as const },
      { address: '10.0.0.5', family: 4 as const },
    ];
    await expect(resolvePublicHost('mixed.example', resolve)).rejects.toMatchObject({ code: 'blocked' });
  });

  it('calls an unknown name transient', async () => {
    const resolve = async () => Promise.reject(new Error('ENOTFOUND'));
    await expect(resolvePublicHost('gone.example', resolve)).rejects.toMatchObject({ code: 'transient' });
    await expect(resolvePublicHost('empty.example', async () => [])).rejects.toMatchObject({ code: 'transient' });
  });
});
