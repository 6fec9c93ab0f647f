import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURES } from '../src/domain/scoring/registry.ts';
import { SIMILARITY_DIMENSIONS } from '../src/domain/similarity/dimensions.ts';
import { VALUATION_FEATURES } from '../src/domain/valuation/features/registry.ts';

/** Where the data dictionary lies, from the project's root. */
export const FEATURES_DOCUMENT = 'docs/features.md';

const SCORING_FOLDER = 'src/domain/scoring/features';
/** A feature's docstring and its name, in its file. */
const DESCRIBED = /\/\*\*([^/]*?)\*\/\s*export const \w+: Feature = \{\s*name: '(\w+)'/g;

const INTRODUCTION = `# Features

Every number that a valuation, a score or a likeness is made of. This page is generated from the registries
(\`src/domain/valuation/features/registry.ts\`, \`src/domain/scoring/registry.ts\`, \`src/domain/similarity/dimensions.ts\`): change those and run
\`npm run docs:features\`. A test compares them.

## What a valuation reads

A feature row describes one house as of one day. The same function writes it for training and for serving, and whatever
it says of sales it says of sales before that day; where a file has no dates, the house's own sale is left out instead.

A row holds, in order:

1. the features of the table below, without those of the role \`offset\`: an offset is added to the model's output as it
   is and stays hidden from the trees;
2. \`extra:<column>\`: further numbers that a file of sales states, under the file's own column names;
3. \`effect:<column>\`: what the house's level of a category (postal code, kind of house, a text column of the file) adds
   to the logarithm of the price;
4. \`category:<column>\`: the level itself, numbered by how often training saw it.

A value that is not known is \`missing\` or \`zero\` (nothing known, no effect), as the table says; extras, effects and categories
are missing when unknown. Where a twentieth of the training sales or more lacks a number, the trees have learned which way
such houses go. Where hardly any lacks it, they have not: the house is read with the number that its other facts make
likely (\`src/domain/valuation/imputation.ts\`), and the valuation says which, and by how much its interval is wider for it. Money never appears as such: prices are natural logarithms of dollars.

## What is never used

No feature reads a protected class of persons or what stands for one: race, color, religion, sex, familial status,
national origin, disability, age of persons, marital status, sexual orientation, source of income, citizenship, language,
military status. The names that are refused as columns of a file are in \`src/domain/valuation/protected-columns.ts\`,
which refuses columns that tell the price itself as well.

Fields of a property that no feature may read, checked by a test: the owner's name, which tells origin and sex; the share
of owners among an area's households and the census tract, which stand for who lives there; the listing's remarks, where
anything may be written about persons. An area's median household income counts in one feature of the score (whether
households there could buy the house) and its median rent in another; neither counts in a valuation. Likeness reads
population, income, home value and rent of the area as the size and the means of its market.
`;

/** The data dictionary of all registered features, as Markdown. */
export function featuresText(): string {
  const meanings = scoringMeanings();
  const valuation = VALUATION_FEATURES.map((feature) => [
    code(feature.name),
    feature.family,
    feature.unit,
    feature.source,
    feature.nullPolicy,
    feature.isOffset === true ? 'offset' : 'row',
    feature.meaning,
  ]);
  const scoring = FEATURES.map((feature) => [
    code(feature.name),
    feature.family,
    feature.unit,
    feature.better,
    [
      ...feature.fields.map(code),
      ...(feature.usesComparables ? [feature.readsSales === true ? 'comparable sales' : 'value of the house'] : []),
      ...(feature.usesCounty === true ? ['county configuration'] : []),
    ].join(', '),
    feature.nullPolicy,
    meanings.get(feature.name) ?? '',
  ]);
  return [
    INTRODUCTION,
    `## The ${valuation.length} features of a valuation\n`,
    table(['Name', 'Family', 'Unit', 'Source', 'When unknown', 'Role', 'Meaning'], valuation),
    `\n## The ${scoring.length} features of a score\n`,
    'The weight of each and the curve that turns it into 0–1 are in `config/scoring.yaml`; the curve must run the way that',
    'is better for the buyer. Unknown values count as the neutral score: `doubt` lowers the confidence as well, `expected` does not.',
    'The reference price is the asking price, else the last sale carried to the date, else the assessed value.\n',
    table(['Name', 'Family', 'Unit', 'Better', 'Reads', 'When unknown', 'Meaning'], scoring),
    `\n## The ${SIMILARITY_DIMENSIONS.length} dimensions of likeness\n`,
    'What "like this one" compares. Each is standardised by the median and spread of the county\'s houses; what is not known',
    'counts as the median, so it neither joins nor parts two houses.\n',
    table(
      ['Name', 'Unit', 'Meaning'],
      SIMILARITY_DIMENSIONS.map(({ name, unit, label }) => [code(name), unit, label]),
    ),
    '',
  ].join('\n');
}

/** What each scoring feature means, from the docstring above it. */
function scoringMeanings(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(SCORING_FOLDER).sort()) {
    const text = readFileSync(join(SCORING_FOLDER, file), 'utf8');
    for (const [, comment = '', name = ''] of text.matchAll(DESCRIBED)) {
      found.set(
        name,
        comment
          .replace(/^\s*\*/gm, ' ')
          .replace(/\s+/g, ' ')
          .trim(),
      );
    }
  }
  return found;
}

const code = (text: string): string => `\`${text}\``;

function table(heads: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
