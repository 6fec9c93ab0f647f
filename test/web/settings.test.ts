import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../src/domain/policy.ts';
import { notificationKind, notificationTarget } from '../../src/web/app/notification-target.ts';
import { brandingChange, logoProblem, ownAddress, textsOf } from '../../src/web/screens/settings/branding.ts';
import { expiryAfter, keyState, scopeGroups, scopeWords } from '../../src/web/screens/settings/scopes.ts';
import { formatUsed, meterOf } from '../../src/web/screens/settings/usage.ts';
import { eventWords, WEBHOOK_EVENTS, webhookHealth } from '../../src/web/screens/settings/webhooks.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');

describe('scopes of keys', () => {
  it('are all there is, and grantable as far as the maker reaches', () => {
    const scopes = scopeGroups(['properties:read', 'timeline:*']).flatMap(({ verbs }) => verbs);
    expect(scopes.map(({ scope }) => scope).sort()).toEqual([...ACTIONS].sort());
    const grantable = scopes.filter(({ isGrantable }) => isGrantable).map(({ scope }) => scope);
    expect(grantable.sort()).toEqual(['properties:read', 'timeline:comment', 'timeline:read', 'timeline:update']);
    expect(scopeGroups(['*']).every(({ verbs }) => verbs.every(({ isGrantable }) => isGrantable))).toBe(true);
  });
  it('are told by noun', () => {
    expect(scopeWords(['*', 'memos:read'])).toBe('Everything');
    expect(scopeWords(['memos:read', 'outreach:*', 'memos:create'])).toBe('memos: read, create; outreach: all');
  });
  it('end when the key does', () => {
    expect(expiryAfter(null)).toBeNull();
    expect(expiryAfter(1, NOW)).toBe('2026-03-11T12:00:00.000Z');
    const key = (revoked_at: string | null, expires_at: string | null) => keyState({ revoked_at, expires_at }, NOW);
    expect(key(null, null)).toBe('active');
    expect(key(null, '2026-03-10T11:59:59Z')).toBe('expired');
    expect(key(null, '2026-03-10T12:00:01Z')).toBe('active');
    expect(key('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z')).toBe('revoked');
  });
});

describe('webhooks', () => {
  it('tell every event in words', () => {
    expect(WEBHOOK_EVENTS.every(({ text }) => text.length > 0)).toBe(true);
    expect(eventWords([])).toBe('Every event');
    expect(eventWords(['property.scored', 'memo.generated'])).toBe('property.scored, memo.generated');
  });
  it('do as their last deliveries did', () => {
    const calm = {
      status: 'active',
      disabled_reason: null,
      failing_since: null,
      last_success_at: null,
      last_failure_at: null,
    };
    expect(webhookHealth(calm, NOW).text).toBe('Nothing sent yet');
    expect(webhookHealth({ ...calm, last_success_at: '2026-03-10T11:00:00Z' }, NOW).text).toBe('Works');
    expect(webhookHealth({ ...calm, failing_since: '2026-03-10T11:00:00Z' }, NOW)).toEqual({
      text: 'Failing',
      tone: 'bad',
      detail: 'Since 1 hour ago',
    });
    expect(webhookHealth({ ...calm, status: 'disabled', disabled_reason: 'It failed for 5 days.' }, NOW)).toMatchObject(
      {
        text: 'Disabled',
        detail: 'It failed for 5 days.',
      },
    );
  });
});

describe('usage', () => {
  it('is told against its bound', () => {
    expect(meterOf({ meter: 'sends', used: 5, limit: null })).toMatchObject({ share: null, tone: 'good' });
    expect(meterOf({ meter: 'sends', used: 80, limit: 100 })).toMatchObject({ share: 0.8, tone: 'warn' });
    expect(meterOf({ meter: 'sends', used: 0, limit: 0 })).toMatchObject({ share: 1, tone: 'bad' });
  });
  it('has bytes in units that a person reads', () => {
    expect([0, 999, 1_000, 19_079_516, 2.5e12].map((bytes) => formatUsed('storage_bytes', bytes))).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '19.1 MB',
      '2.5 TB',
    ]);
    expect(formatUsed('sends', 1_234)).toBe('1,234');
  });
});

describe('branding', () => {
  const empty = textsOf({
    company_name: null,
    tagline: null,
    accent_color: null,
    contact_name: null,
    email: null,
    phone: null,
    website: null,
    disclaimer: null,
  });
  it('sends what is changed alone, and null for what is taken away', () => {
    expect(brandingChange(empty, empty)).toEqual({});
    const set = { ...empty, company_name: 'Example Homes', phone: ' 206 555 0100 ' };
    expect(brandingChange(empty, set)).toEqual({ company_name: 'Example Homes', phone: '206 555 0100' });
    expect(brandingChange(set, empty)).toEqual({ company_name: null, phone: null });
  });
  it('takes small pictures as logos', () => {
    expect(logoProblem({ type: 'image/png', size: 1_000 })).toBeNull();
    expect(logoProblem({ type: 'image/svg+xml', size: 1_000 })).toContain('PNG');
    expect(logoProblem({ type: 'image/png', size: 2_000_000 })).toContain('1 MB');
  });
  it('shows stored files from the page’s own server', () => {
    expect(ownAddress('http://10.0.0.1:8090/files/a?sig=1', 'http://127.0.0.1')).toBe('/files/a?sig=1');
    expect(ownAddress('https://bucket.example/a', 'http://127.0.0.1')).toBe('https://bucket.example/a');
  });
});

describe('notifications', () => {
  it('lead to what they tell of', () => {
    expect(notificationTarget({ property_id: 'p', reference: 'comment:c' })).toMatchObject({
      to: '/properties/$propertyId',
      params: { propertyId: 'p' },
      hash: 'property-timeline',
    });
    expect(notificationTarget({ property_id: 'p', reference: 'search:s:p:3' })).not.toHaveProperty('hash');
    expect(notificationTarget({ property_id: null, reference: 'webhook:w:2026-03-10T12:00:00Z' })).toMatchObject({
      to: '/settings/webhooks',
      search: { webhook: 'w' },
    });
    expect(notificationTarget({ property_id: null, reference: 'other:1' })).toBeNull();
    expect([notificationKind('mention'), notificationKind('news')]).toEqual(['Mention', 'News']);
  });
});
