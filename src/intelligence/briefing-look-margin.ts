import type { Look } from './briefing-section.ts';

export const marginLook: Look = {
  key: 'contribution_margin',
  title: 'Contribution margin',
  tool: 'get_contribution_margin_forecast',
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
