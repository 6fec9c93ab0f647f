import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, isPermitted, ROLES } from '../../src/domain/policy.ts';
import { invitationLink, ROLE_WORDS, rightsOf } from '../../src/web/screens/settings/roles.ts';
import {
  changedWords,
  changesOf,
  changesText,
  movesOf,
  sharesOf,
  withChange,
} from '../../src/web/screens/settings/weight-shares.ts';

const COMPONENTS = [
  { name: 'flood_risk', weight: 0.04, score: 1 },
  { name: 'equity_since_sale', weight: 0.28, score: 0.5 },
  { name: 'flip_roi', weight: 0.09, score: 0 },
];

describe('rights of roles', () => {
  it('say of every action and role what the API would say', () => {
    const rights = rightsOf();
    for (const action of ACTIONS) {
      const [noun, verb] = action.split(':');
      const row = rights.find((one) => one.noun === noun)!;
      for (const role of ROLES) {
        expect(row.verbs[role].split(', ').includes(verb!), `${role} ${action}`).toBe(isPermitted(role, action));
      }
    }
    expect(Object.keys(ROLE_WORDS).sort()).toEqual([...ROLES].sort());
    expect(rights.every(({ label, noun }) => label !== noun)).toBe(true);
  });

  it('give an invited person a link that brings the token whole', () => {
    const token = 'reosi_a+b/c=&d';
    const link = new URL(invitationLink('https://reos.example', token));
    expect(link.pathname).toBe('/accept-invitation');
    expect(link.searchParams.get('token')).toBe(token);
  });
});

describe('weights', () => {
  const shares = sharesOf(COMPONENTS);

  it('are told the heaviest first, and nothing of what is no score', () => {
    expect(shares.map(({ name }) => name)).toEqual(['equity_since_sale', 'flip_roi', 'flood_risk']);
    for (const none of [undefined, null, 'x', {}, [null, 1, { name: 1 }]]) expect(sharesOf(none)).toEqual([]);
  });

  it('are changes until they are as before', () => {
    let changes = withChange({}, shares[1]!, 0.3);
    changes = withChange(changes, shares[2]!, 0);
    expect(changes).toEqual({ flip_roi: 0.3, flood_risk: 0 });
    expect(withChange(changes, shares[1]!, 0.09)).toEqual({ flood_risk: 0 });
    expect(withChange({}, shares[1]!, Number.NaN)).toEqual({ flip_roi: 0 });
    expect(withChange({}, shares[1]!, 7)).toEqual({ flip_roi: 1 });
    expect(changedWords(changes)).toBe('Return of a flip 30.0%, flood risk left out');
  });

  it('go through an address and back, whatever else stands there', () => {
    const known = new Set(shares.map(({ name }) => name));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...known), fc.integer({ min: 0, max: 10_000 })), (made) => {
        const changes = Object.fromEntries(Object.entries(made).map(([name, value]) => [name, value / 10_000]));
        expect(changesOf(changesText(changes), known)).toEqual(changes);
      }),
    );
    fc.assert(
      fc.property(fc.anything(), (text) => {
        for (const [name, weight] of Object.entries(changesOf(text, known))) {
          expect(known.has(name)).toBe(true);
          expect(weight).toBeGreaterThanOrEqual(0);
          expect(weight).toBeLessThanOrEqual(1);
        }
      }),
    );
    expect(changesOf('flip_roi:,other:0.2,flood_risk:-1,equity_since_sale:2', known)).toEqual({});
  });

  it('move a ranking by as much as it is', () => {
    const items = [
      { rank_before: 3, rank_after: 1 },
      { rank_before: 1, rank_after: 2 },
      { rank_before: 2, rank_after: 3 },
      { rank_before: 4, rank_after: 4 },
    ];
    expect(movesOf(items, 2)).toEqual({ moved: 3, farthest: 2, entering: 1 });
    expect(movesOf([], 2)).toEqual({ moved: 0, farthest: 0, entering: 0 });
  });
});
