import type { paths } from '../../../sdk/schema.ts';

type Tools = {
  [P in keyof paths as P extends `/api/v1/intelligence/tools/${infer N}` ? N : never]: paths[P] extends {
    post: { responses: { 200: { content: { 'application/json': infer A } } } };
  }
    ? A
    : never;
};

/** What the tools answer. */
export type Trend = Tools['get_market_trend'];
export type Forecast = Trend['forecast'][number];
export type Anomaly = Tools['detect_anomalies']['anomalies'][number];
export type Gap = Tools['detect_anomalies']['gaps'][number];
export type Surge = Tools['detect_inventory_surges']['surges'][number];
export type Deals = Tools['rank_top_100_deals'];
export type Deal = Deals['deals'][number];
