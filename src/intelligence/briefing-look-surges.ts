import type { Look } from './briefing-section.ts';

export const surgesLook: Look = {
  key: 'inventory_surge',
  title: 'Inventory surges',
  tool: 'detect_inventory_surges',
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
