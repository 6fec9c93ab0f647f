import type { Database } from '../../db/connect.ts';
import { type TenantTrx, withTenant, withTenantReader } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';

/** How long a request waits for the database in all, milliseconds, however many transactions it opens in a row. */
const PATIENCE_MS = 1_000;
/** What a transaction may wait at least, milliseconds: enough where a connection is free. */
const LEAST_MS = 400;
/** The wait in parts: a process that was held up itself must look in between whether the answer is there already. */
const PARTS = 4;
/** After so long without waiting a request is patient anew, milliseconds: streams and slow steps. */
const RENEWED_AFTER_MS = 5_000;

/** Opens transactions of the request's tenant; by the reader's door where that is asked for. */
export type InTenant = <T>(fn: (trx: TenantTrx) => Promise<T>, door?: 'reader') => Promise<T>;

/**
 * Doors to the database for requests; each request gets one. What it waited for one transaction it does not wait again
 * for the next, and while no transaction of anybody begins, who comes new waits for a moment only: a stuck database is
 * answered with 503 in time. A transaction that begins too late is rolled back without having done anything; one that
 * has begun is never given up. The transactions throw `transient` when they could not begin in time.
 */
export function createDoors(db: Database): (tenantId: string) => InTenant {
  let begun = 0;
  let isStuck = false;
  return (tenantId) => {
    let leftMs = PATIENCE_MS;
    let begunAt = performance.now();
    return (fn, door) => {
      const askedAt = performance.now();
      const begunBefore = begun;
      if (askedAt - begunAt > RENEWED_AFTER_MS) leftMs = PATIENCE_MS;
      const partMs = Math.max(LEAST_MS, isStuck ? 0 : leftMs) / PARTS;
      return new Promise((resolve, reject) => {
        let isLate = false;
        let part = 0;
        const wait = () => {
          part += 1;
          if (part > PARTS / 2 && begun === begunBefore) isStuck = true;
          if (part <= PARTS) return setTimeout(() => (timer = wait()), partMs);
          isLate = true;
          leftMs = 0;
          reject(late());
          return undefined;
        };
        let timer = wait();
        const open = door === 'reader' ? withTenantReader : withTenant;
        open(db, tenantId, async (trx) => {
          clearTimeout(timer);
          begun += 1;
          isStuck = false;
          if (isLate) throw late();
          begunAt = performance.now();
          leftMs -= begunAt - askedAt;
          return fn(trx);
        })
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      });
    };
  };
}

function late(): ReosError {
  return new ReosError('transient', 'The database is busy: no connection came free in time. Try again.', {
    retryAfterSeconds: 2,
  });
}
