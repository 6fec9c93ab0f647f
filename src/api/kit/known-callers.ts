import type { Credential, Principal } from './principal.ts';

/** After so long the database is asked again, whatever was heard, ms. */
const KNOWN_MS = 1_000;
const MOST_KNOWN = 10_000;

/** People whom the database was asked about a moment ago. */
export interface KnownCallers {
  /** The person behind an access token, when that was read less than a second ago and nothing was heard since; else undefined. */
  find(credential: Credential, now: Date): Principal | undefined;
  /** Taken before the database is asked, and given to `remember` with its answer. */
  moment(): number;
  /** Remembers an answer, unless something was forgotten since the moment: it may be from before the change. Keys are not remembered: each use is counted. */
  remember(credential: Credential, principal: Principal, now: Date, moment: number): void;
  /** Forgets the people of a tenant; everybody without one. */
  forget(tenantId?: string): void;
}

/**
 * Remembers callers in this process's memory, so that an answer that is kept needs nothing of the database. It must hear
 * of changes at once (`startEvents` does); what it misses is wrong for a second at most.
 */
export function createKnownCallers(): KnownCallers {
  const known = new Map<string, { principal: Principal; from: number }>();
  let forgotten = 0;
  return {
    find(credential, now) {
      const found = known.get(nameOf(credential));
      if (found === undefined) return undefined;
      const age = now.getTime() - found.from;
      return age >= 0 && age < KNOWN_MS ? found.principal : undefined;
    },
    moment: () => forgotten,
    remember(credential, principal, now, moment) {
      if (credential.kind !== 'user' || moment !== forgotten) return;
      const name = nameOf(credential);
      // To the end, so that the oldest come first.
      known.delete(name);
      known.set(name, { principal, from: now.getTime() });
      if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
    },
    forget(tenantId) {
      forgotten += 1;
      if (tenantId === undefined) return known.clear();
      for (const [name, { principal }] of known) if (principal.tenantId === tenantId) known.delete(name);
    },
  };
}

/** The tenant first; tokens of another moment are another caller, since sessions end by the time of their issue. */
const nameOf = ({ tenantId, kind, subject, issuedAt }: Credential) => `${tenantId}/${kind}/${subject}/${issuedAt}`;
