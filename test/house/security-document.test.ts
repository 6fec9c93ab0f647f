import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN_SECONDS } from '../../src/api/auth/access-token.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from '../../src/api/auth/password.ts';
import { RESET_MS } from '../../src/api/auth/password-reset.ts';
import { REFRESH_TOKEN_MS } from '../../src/api/auth/session.ts';
import { PLAN_LIMITS, PLANS } from '../../src/domain/plans.ts';
import { ACTIONS, isPermitted, ROLES } from '../../src/domain/policy.ts';

const text = readFileSync('docs/security.md', 'utf8');

/** Cells of the table below a heading, its head and rule left out. */
function rowsUnder(heading: string): string[][] {
  const section = text.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/security.md', () => {
  it('has what each role may do as the policy kernel decides it', () => {
    const rows = ACTIONS.map((action) => [
      `\`${action}\``,
      ...ROLES.map((role) => (isPermitted(role, action) ? 'yes' : '')),
    ]);
    expect(text).toContain(`| action | ${ROLES.join(' | ')} |`);
    expect(rowsUnder('Roles')).toEqual(rows);
  });

  it('has the bounds of each plan', () => {
    const gib = (bytes: number | null) => (bytes === null ? 'no bound' : `${bytes / 1024 ** 3} GiB`);
    const rows = PLANS.map((plan) => {
      const { propertiesPerMonth, requestsPerMinute, storageBytes, sendsPerMonth, concurrentScrapes } =
        PLAN_LIMITS[plan];
      const counts = [propertiesPerMonth, requestsPerMinute, gib(storageBytes), sendsPerMonth, concurrentScrapes];
      return [plan, ...counts.map((one) => `${one ?? 'no bound'}`)];
    });
    expect(rowsUnder('Plans')).toEqual(rows);
  });

  it('has the lives of passwords, sessions and links', () => {
    expect(text).toContain(`- ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`);
    const lives = Object.fromEntries(
      rowsUnder('Sessions and keys').map(([what, life]) => [what!.split(' (')[0], life]),
    );
    expect(lives['access token']).toBe(`${ACCESS_TOKEN_SECONDS / 60} minutes`);
    expect(lives['refresh token']).toMatch(new RegExp(`^${REFRESH_TOKEN_MS / 86_400_000} days`));
    expect(lives['link for a new password']).toMatch(new RegExp(`^${RESET_MS / 60_000} minutes`));
  });
});
