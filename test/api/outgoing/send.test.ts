import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookPost, readWebhookUrl } from '../../../src/api/outgoing/send.ts';
import { type Receiver, startReceiver } from './receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());
const post = (trustedOrigins: string[], more = {}) =>
  createWebhookPost({ userAgent: 'test/1', trustedOrigins, timeoutMs: 20_000, ...more });

describe('the address of a webhook', () => {
  it('is https on the public internet, or of a trusted origin', () => {
    expect(readWebhookUrl('https://example.com/a?b=c', []).href).toBe('https://example.com/a?b=c');
    expect(readWebhookUrl('http://127.0.0.1:5678/x', ['http://127.0.0.1:5678']).port).toBe('5678');
    const wrong = [
      'http://example.com',
      'https://127.0.0.1/',
      'https://localhost/',
      'https://[::1]/',
      'https://169.254.169.254/latest',
      'https://2130706433/',
      'https://10.0.0.1/',
      'https://user:password@example.com/',
      'ftp://example.com',
      '/hooks',
      '',
    ];
    for (const url of wrong) {
      expect(() => readWebhookUrl(url, ['http://127.0.0.1:5678']), url).toThrow(
        expect.objectContaining({ code: 'validation' }),
      );
    }
  });
});

describe('the door of webhooks', () => {
  it('posts body and headers as they are', async () => {
    const answer = await post([receiver.origin])(`${receiver.origin}/a`, { 'webhook-id': 'm1' }, '{"a":"ü"}');
    expect(answer).toEqual({ status: 204, retryAfter: undefined, error: null });
    expect(receiver.got[0]).toMatchObject({
      path: '/a',
      body: '{"a":"ü"}',
      headers: { 'webhook-id': 'm1', 'user-agent': 'test/1' },
    });
  });

  it('goes to no private address, by number or by name, and does not tell where a name leads', async () => {
    const port = new URL(receiver.origin).port;
    const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }];
    for (const url of [receiver.origin, `https://127.0.0.1:${port}/`, `https://rebind.example.com:${port}/`]) {
      const answer = await post([], { resolve })(url, {}, '{}');
      expect(answer.status).toBeNull();
      expect(answer.error).toMatch(/not one that webhooks are sent to/);
      expect(answer.error).not.toContain('127.0.0.1');
    }
    expect(receiver.got).toEqual([]);
  });

  it('follows no redirect', async () => {
    receiver.answer = () => ({ status: 307, headers: { location: `${receiver.origin}/elsewhere` } });
    const answer = await post([receiver.origin])(`${receiver.origin}/a`, {}, '{}');
    expect(answer).toMatchObject({ status: 307, error: 'The receiver answered 307.' });
    expect(receiver.got.map(({ path }) => path)).toEqual(['/a']);
  });

  it('waits for so long and reads so much', async () => {
    receiver.answer = () => ({ status: 200, holdMs: 2_000 });
    expect(await post([receiver.origin], { timeoutMs: 300 })(receiver.origin, {}, '{}')).toMatchObject({
      status: null,
      error: expect.stringMatching(/No complete answer/),
    });
    receiver.answer = () => ({ status: 200, body: 'x'.repeat(300_000) });
    expect(await post([receiver.origin])(receiver.origin, {}, '{}')).toMatchObject({
      status: null,
      error: expect.stringMatching(/longer than/),
    });
  });

  it('says what a receiver asks for, and that one is away', async () => {
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '7' } });
    expect(await post([receiver.origin])(receiver.origin, {}, '{}')).toMatchObject({ status: 429, retryAfter: '7' });
    await receiver.close();
    const away = await post([receiver.origin])(receiver.origin, {}, '{}');
    expect(away).toMatchObject({ status: null, error: expect.stringMatching(/^No answer came/) });
    receiver = await startReceiver();
  });
});
