import { caseShiller } from './case-shiller.ts';
import { fhfa } from './fhfa.ts';
import { fred } from './fred.ts';
import type { Layout } from './layout.ts';
import { redfinCrosstab } from './redfin-crosstab.ts';
import { redfinTracker } from './redfin-tracker.ts';
import { zillowWide } from './zillow-wide.ts';

/** Every published layout, in the order in which they are tried. A new one is one file and one line. */
export const LAYOUTS: readonly Layout[] = [redfinTracker, redfinCrosstab, zillowWide, caseShiller, fhfa, fred];
