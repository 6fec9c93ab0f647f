import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/logger.ts';

describe('the log', () => {
  it('can be opened for lines at once and for gathered ones', () => {
    for (const options of [{}, { flushMs: 100 }]) {
      const logger = createLogger('silent', 'test', options);
      expect(() => logger.error('nothing')).not.toThrow();
    }
  });
});
