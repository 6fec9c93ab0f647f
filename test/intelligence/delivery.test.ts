import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertLines, slackBody } from '../../src/intelligence/delivery.ts';

const textOf = (markdown: string) => (JSON.parse(slackBody(markdown)) as { text: string }).text;

describe('what Slack gets', () => {
  it('has tables as lines with the names of their columns, and headings without marks', () => {
    const markdown =
      '## Top deals\n\n| Rank | Home | Net margin |\n|---:|---|---:|\n| 1 | A \\| B | $5 |\n| 2 | C |  |\n\nEnd';
    expect(textOf(markdown)).toBe('Top deals\n\n• 1 · Home A | B · Net margin $5\n• 2 · Home C\n\nEnd');
  });

  it('mentions nobody and links nowhere, whatever the data says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const told = textOf(`${text} <!channel> <https://evil.example|here>`);
        expect(told).not.toMatch(/[<>]/);
        expect(told.length).toBeLessThan(36_000);
      }),
    );
    expect(textOf('a <!channel>')).toBe('a &lt;!channel&gt;');
  });
});

describe('an alert', () => {
  const alert = {
    severity: 'HIGH',
    issue: 'Homes for sale in Reno, NV are 40% above what is expected',
    action: 'Lower offers.',
    impactLow: -50_000,
    impactExpected: -30_000,
    impactHigh: -10_000,
    evidence: [1, 2, 3, 4].map((value) => ({ label: `Figure ${value}`, value, unit: 'count' })),
    confidence: 0.8,
    packetId: 'p',
  };
  it('tells the first numbers behind it and the interval of its dollars', () => {
    expect(alertLines(alert)).toEqual([
      'HIGH: Homes for sale in Reno, NV are 40% above what is expected',
      'Figure 1: 1',
      'Figure 2: 2',
      'Figure 3: 3',
      'Recommended: Lower offers.',
      'Expected impact: −$30,000 (−$50,000 to −$10,000)',
      'Confidence: 80.0%',
      'Decision packet p',
    ]);
  });
  it('says no dollars where none are known', () => {
    const lines = alertLines({ ...alert, impactLow: null, impactExpected: null, impactHigh: null });
    expect(lines.join()).not.toContain('$');
  });
});
