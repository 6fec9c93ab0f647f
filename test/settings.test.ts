import { describe, expect, it } from 'vitest';
import { ReosError } from '../src/domain/errors.ts';
import { readSettings } from '../src/settings.ts';

describe('readSettings', () => {
  it('names every wrong variable at once, and shows no password', () => {
    const wrong = {
      DATABASE_URL: 'reos:geheim@nowhere',
      REOS_LOG_LEVEL: 'loud',
      REOS_POSTGRES_PORT: '99999',
      REOS_TEMPORAL_PORT: 'x',
      REOS_API_PORT: '70000',
      REOS_RETRY_WINDOW_SECONDS: '0',
      REOS_SIGNED_URL_SECONDS: '900000',
      PROVIDER_BASE_URLS: 'fema-flood:http',
      PROVIDER_RATE_SCALE: '-1',
      SENDGRID_BASE_URL: 'nowhere',
      S3_FORCE_PATH_STYLE: 'perhaps',
    };
    let thrown: unknown;
    try {
      readSettings(wrong);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ReosError);
    const { message } = thrown as ReosError;
    for (const name of Object.keys(wrong)) expect(message).toContain(`${name}:`);
    expect(message).not.toContain('geheim');
  });

  it('takes an empty variable for one that is not set', () => {
    const empty = Object.fromEntries(
      ['DATABASE_URL', 'REOS_API_PORT', 'REOS_POSTGRES_PORT', 'REOS_LOG_LEVEL', 'SENDGRID_BASE_URL', 'S3_BUCKET'].map(
        (name) => [name, ' '],
      ),
    );
    const { env: _a, ...settings } = readSettings({ ...empty, REOS_HOME: '/h' });
    const { env: _b, ...defaults } = readSettings({ REOS_HOME: '/h' });
    expect(settings).toEqual(defaults);
    expect(settings).toMatchObject({
      databaseUrl: undefined,
      logLevel: 'info',
      ports: { api: 8080, postgres: undefined },
    });
  });

  it('reads named addresses, also with equal signs inside', () => {
    const { providerBaseUrls } = readSettings({ PROVIDER_BASE_URLS: 'a=http://x/?q=1, b=https://y' });
    expect(providerBaseUrls).toEqual({ a: 'http://x/?q=1', b: 'https://y' });
  });

  it('asks for both keys of a bucket', () => {
    expect(() => readSettings({ S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'k' })).toThrow(/S3_SECRET_ACCESS_KEY/);
  });

  it('uses one database address for both purposes unless a direct one is given', () => {
    const url = 'postgres://reos@db/reos';
    expect(readSettings({ DATABASE_URL: url })).toMatchObject({ databaseUrl: url, databaseDirectUrl: url });
  });
});
