import type { Look } from './briefing-section.ts';

export const pricingLook: Look = {
  key: 'pricing_error',
  title: 'Pricing accuracy',
  tool: 'analyze_pricing_accuracy',
  input: {},
  read: () => ({
    dataThrough: null,
    columns: [],
    rows: [],
    notes: [],
    headlines: [],
    findings: [],
    checked: new Set(),
  }),
};
