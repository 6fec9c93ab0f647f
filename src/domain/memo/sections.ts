/** What each section of the memo is, in the order in which the memo shows them. */
export const MEMO_SECTION_KEYS = [
  'header',
  'score',
  'metrics',
  'highlights',
  'financials',
  'location',
  'opportunity',
  'features',
  'owner',
  'comparables',
  'insights',
  'sources',
  'action',
  'disclaimer',
] as const;

export type MemoSectionKey = (typeof MEMO_SECTION_KEYS)[number];

/** The title each section carries, word for word as the PDF's text has it. */
export const MEMO_SECTION_TITLES: Readonly<Record<MemoSectionKey, string>> = {
  header: 'Investor memo',
  score: 'Bird dog score',
  metrics: 'Key metrics',
  highlights: 'Highlights',
  financials: 'Financial analysis',
  location: 'Location and demographics',
  opportunity: 'The opportunity',
  features: 'Property features',
  owner: 'Owner of record',
  comparables: 'Comparable sales',
  insights: 'Model insights',
  sources: 'Data sources',
  action: 'Next step',
  disclaimer: 'Disclaimer',
};

/** The 14 section titles in the memo's order. Each is found in the PDF's text exactly so, and first as its heading. */
export const MEMO_SECTIONS: readonly string[] = MEMO_SECTION_KEYS.map((key) => MEMO_SECTION_TITLES[key]);
