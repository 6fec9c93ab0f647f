import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCount, formatDollars, formatPercent, formatPhone } from '../../src/web/lib/format.ts';
import { countyName, sourceName, streetName } from '../../src/web/lib/names.ts';
import { inOneLine, readable } from '../../src/web/lib/prose.ts';
import { scheduleName, taskName } from '../../src/web/screens/operations/run-names.ts';

describe('names where the API has codes', () => {
  it('write a source with its words and its acronyms, and leave a file as it is called', () => {
    expect(
      ['king-county-sales', 'census-acs', 'fema-flood', 'local-outbox', 'sendgrid', 'any-json-ld'].map(sourceName),
    ).toEqual(['King County sales', 'Census ACS', 'FEMA flood', 'Local outbox', 'SendGrid', 'Any page with JSON-LD']);
    expect(['Sample 2.csv', 'sample.csv', 'comparable sales'].map(sourceName)).toEqual([
      'Sample 2.csv',
      'sample.csv',
      'comparable sales',
    ]);
  });
  it('write counties with their state', () => {
    expect(['king-wa', 'san-diego-ca', 'miami-dade-fl', 'odd'].map(countyName)).toEqual([
      'King County, WA',
      'San Diego County, CA',
      'Miami-Dade County, FL',
      'odd',
    ]);
  });
  it('write addresses that are all capitals as people do, and no others', () => {
    expect(streetName("11788 S 105TH ST #2B, O'BRIEN AVE NE")).toBe("11788 S 105th St #2B, O'brien Ave NE");
    fc.assert(fc.property(fc.string(), (text) => streetName(`a${text}`) === `a${text}`));
    fc.assert(fc.property(fc.string(), (text) => streetName(text).toUpperCase() === text.toUpperCase()));
  });
  it('write schedules and tasks', () => {
    expect(scheduleName('discovery_offmarket:king-wa')).toBe('Discovery, King County, WA');
    expect([scheduleName('import'), taskName('startLifecycles')]).toEqual(['Import', 'Start lifecycles']);
  });
});

describe('sentences of the API', () => {
  it('have days, distances and codes as people read them', () => {
    expect(readable('Sold 2014-10-11; 15 sales at 1655 m and 5 months; no lead_count')).toBe(
      'Sold Oct 11, 2014; 15 sales at 1.0 mi and 5 months; no lead count',
    );
    expect(readable('no offer_count', (code) => (code === 'offer_count' ? 'offers made' : undefined))).toBe(
      'no offers made',
    );
    expect(readable('2015-03-27-3402035b, 2015-03-27T10:00')).toBe('2015-03-27-3402035b, 2015-03-27T10:00');
  });
  it('are cut to what they say first where there is one line', () => {
    expect(
      inOneLine('Its last sale ($323,500 on 2014-10-11) is 48.5% below. A closed sale is not an asking price.'),
    ).toBe('Its last sale is 48.5% below.');
    expect(inOneLine('No end')).toBe('No end');
  });
});

describe('figures', () => {
  it('below nothing have the sign that is as wide as the plus', () => {
    expect([formatDollars(-1_200), formatCount(-3), formatPercent(-0.05)]).toEqual(['−$1,200', '−3', '−5.0%']);
  });
  it('of telephones are grouped where they are North American', () => {
    expect([formatPhone('+12065550102'), formatPhone('+442079460000')]).toEqual(['(206) 555-0102', '+442079460000']);
  });
});
