import type { Random } from '../../valuation/random.ts';
import { between } from './draws.ts';
import type { MarketProfile } from './shape.ts';

const NAMES = [
  'Phoenix, AZ',
  'Atlanta, GA',
  'Dallas, TX',
  'Houston, TX',
  'Austin, TX',
  'San Antonio, TX',
  'Charlotte, NC',
  'Raleigh, NC',
  'Tampa, FL',
  'Orlando, FL',
  'Jacksonville, FL',
  'Nashville, TN',
  'Las Vegas, NV',
  'Denver, CO',
  'Sacramento, CA',
  'Portland, OR',
  'Minneapolis, MN',
  'Columbus, OH',
  'Indianapolis, IN',
  'Salt Lake City, UT',
];

/** Invented traits for well-known market names; after the twentieth the names are numbered. */
export function drawProfiles(random: Random, count: number): MarketProfile[] {
  return Array.from({ length: count }, (_, at) => ({
    market: NAMES[at] ?? `Market ${at + 1}`,
    price: Math.round(between(random, 240_000, 720_000)),
    salesPerWeek: between(random, 13, 26),
    sqft: Math.round(between(random, 1_500, 2_200)),
    monthsOfSupply: between(random, 1.8, 3.6),
    daysOnMarket: between(random, 22, 48),
    leadsPerWeek: between(random, 160, 260),
    leadToOffer: between(random, 0.24, 0.34),
    acceptance: between(random, 0.3, 0.42),
    growth: between(random, -0.02, 0.07),
    seasonStrength: between(random, 0.6, 1.4),
    seasonShift: between(random, -4, 4),
    noise: between(random, 0.7, 1.3),
  }));
}
