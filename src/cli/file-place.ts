import { basename, extname } from 'node:path';
import type { ColumnChoice } from '../activities/discover/column-choice.ts';
import { countyOfFile } from '../activities/discover/file-county.ts';
import { loadRecipes, type Recipes } from '../activities/discover/recipe-load.ts';
import { openCounties } from '../config/county-index.ts';
import type { County } from '../domain/county.ts';
import { ReosError } from '../domain/errors.ts';
import type { CommandContext } from './context.ts';

/** A file as the person names it. */
interface NamedFile {
  path: string;
  name: string;
  recipe: string | undefined;
  overrides: readonly ColumnChoice[];
}

/**
 * The county of an import: the one that was named, else the one that the file itself says.
 * @throws ReosError `not_found` for an unknown name, `validation` with the known counties when the file says none
 */
export async function countyOfImport(
  { settings, output }: Pick<CommandContext, 'settings' | 'output'>,
  { path, name, ...how }: NamedFile,
  named: unknown,
): Promise<County> {
  const counties = await openCounties(settings.configDir);
  if (named !== undefined) return counties.find(String(named));
  const recipes = await loadRecipes(settings.configDir);
  const found = await countyOfFile(path, name, { recipes, ...how }, counties.all);
  if (found === null) {
    throw new ReosError(
      'validation',
      `${name} does not say which county its rows lie in. Name it with --county: ${counties.all.map(({ slug }) => slug).join(', ')}.`,
      { details: { file: name, option: '--county' } },
    );
  }
  output.progress(`${name}: read as rows of ${found.county.slug}, for ${found.reason}.`);
  return found.county;
}

/** The market that a model is filed under, and why. */
export interface FiledUnder {
  market: string;
  reason: string;
}

/**
 * The market of a model that is trained on a file: the one that was named, else the county that the file itself says,
 * whose properties the model then values, else the file's name.
 * @throws ReosError `not_found` for an unknown county
 */
export async function marketOfTraining(
  { settings }: Pick<CommandContext, 'settings'>,
  named: { market: string | undefined; county: string | undefined },
  file: (Omit<NamedFile, 'recipe'> & { recipe: string | undefined; recipes: Recipes }) | undefined,
): Promise<FiledUnder> {
  const counties = await openCounties(settings.configDir);
  const county = named.county === undefined ? undefined : counties.find(named.county);
  if (named.market !== undefined) return { market: named.market, reason: 'it was named' };
  if (county !== undefined) return { market: county.slug, reason: 'its county was named' };
  if (file === undefined) return { market: 'sales', reason: 'nothing else was named' };
  const { path, name, ...how } = file;
  const found = await countyOfFile(path, name, how, counties.all);
  if (found !== null) return { market: found.county.slug, reason: found.reason };
  return { market: marketNamed(name), reason: 'no configured county fits the file; --county SLUG names one' };
}

/** `King County Sales.csv` is the market `king-county-sales`. */
function marketNamed(file: string): string {
  const name = basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name || 'sales';
}
