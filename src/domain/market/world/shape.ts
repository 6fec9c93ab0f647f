/** What can be injected into a market. */
export type AnomalyKind =
  | 'inventory_surge'
  | 'price_drop'
  | 'dom_jump'
  | 'acceptance_shift'
  | 'funnel_drop'
  | 'data_gap';

/** What to make. */
export interface WorldOptions {
  seed: number;
  /** Monday of the newest week. */
  lastWeek: string;
  /** Default 104. */
  weeks?: number | undefined;
  /** Default 20. */
  markets?: number | undefined;
  /** No anomaly at all. */
  isQuiet?: boolean | undefined;
}

/** An anomaly that was put in: the truth that detection is measured against. */
export interface InjectedAnomaly {
  market: string;
  kind: AnomalyKind;
  /** The figure of mart.market_metrics that it was put into. */
  metric: string;
  direction: 1 | -1;
  /** Monday of its first and last week; the figure may take some weeks more to come back. */
  from: string;
  to: string;
  weeks: number;
  /** Relative change at its height: 0.4 = 40% more; −1 where rows are missing. */
  size: number;
  /** Other figures that move with it. */
  consequences: string[];
}

/** What one market is like. */
export interface MarketProfile {
  market: string;
  /** Median price in dollars and sales a week, at the start. */
  price: number;
  salesPerWeek: number;
  sqft: number;
  monthsOfSupply: number;
  daysOnMarket: number;
  leadsPerWeek: number;
  /** Shares 0–1. */
  leadToOffer: number;
  acceptance: number;
  /** Growth of prices a year, as a fraction. */
  growth: number;
  /** 1 is the usual strength of the seasons. */
  seasonStrength: number;
  /** Weeks that its spring comes earlier (negative) or later. */
  seasonShift: number;
  /** Spread of noise against the usual. */
  noise: number;
}

/** One week of one market, before it is told as rows. Money in dollars. */
export interface WorldWeek {
  market: string;
  /** Monday. */
  week: string;
  medianSalePrice: number;
  medianListPrice: number;
  listToSale: number;
  sqft: number;
  daysOnMarket: number;
  homesSold: number;
  newListings: number;
  /** Homes for sale at the week's end. */
  inventory: number;
  leads: number;
  offers: number;
  accepted: number;
  closings: number;
  /** Mean offer and mean estimated value of the homes offered on. */
  offerPrice: number;
  estimatedValue: number;
  /** False in a week without rows of offers and funnel. */
  hasOffers: boolean;
}

/** One value of a macro series. */
export interface MacroValue {
  series: string;
  date: string;
  value: number;
}

/** Markets over weeks, and what was put into them. */
export interface World {
  profiles: MarketProfile[];
  /** By market, oldest first. */
  weeks: WorldWeek[];
  macro: MacroValue[];
  truth: InjectedAnomaly[];
}

/** A row of a table, by column. */
export type WorldRow = Record<string, string | number | boolean | null>;
