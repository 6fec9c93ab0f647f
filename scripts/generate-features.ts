import { writeFileSync } from 'node:fs';
import { FEATURES_DOCUMENT, featuresText } from './features-document.ts';

writeFileSync(FEATURES_DOCUMENT, featuresText());
