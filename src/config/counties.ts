import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type County, countySchema } from '../domain/county.ts';
import { messageOf, ReosError } from '../domain/errors.ts';
import { type ConfigProblem, configError, parseYaml } from './yaml-file.ts';

/**
 * Reads every county file of `<configDir>/counties/*.yaml`, in the order of their slugs.
 * @throws ReosError `validation` with every problem of every file (file, line, path and fix); `missing_part` without the folder
 */
export async function loadCounties(configDir: string): Promise<County[]> {
  const folder = join(configDir, 'counties');
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  } catch (error) {
    throw new ReosError('missing_part', `The county folder ${folder} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  if (names.length === 0) {
    throw new ReosError('validation', `${folder} holds no county file. Add one such as king-wa.yaml.`);
  }
  const counties: County[] = [];
  const problems: ConfigProblem[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const result = parseCounty(file, await readFile(file, 'utf8'));
    if (result.ok) counties.push(result.value);
    else problems.push(...result.problems);
  }
  problems.push(...findDuplicates(folder, counties));
  if (problems.length > 0) throw configError('The county configuration', problems);
  return counties;
}

/** Validates one county file's text; the file must be named after the slug. */
export function parseCounty(file: string, source: string): ReturnType<typeof parseYaml<typeof countySchema>> {
  const result = parseYaml(countySchema, file, source);
  if (!result.ok) return result;
  const expected = `${result.value.slug}.yaml`;
  if (basename(file) === expected) return result;
  return {
    ok: false,
    problems: [
      { file, line: 1, path: 'slug', message: `is ${result.value.slug}, so the file must be named ${expected}` },
    ],
  };
}

function findDuplicates(folder: string, counties: readonly County[]): ConfigProblem[] {
  const seen = new Map<string, string>();
  return counties.flatMap((county) => {
    const earlier = seen.get(county.fips);
    seen.set(county.fips, county.slug);
    if (earlier === undefined) return [];
    const file = join(folder, `${county.slug}.yaml`);
    return [{ file, line: 1, path: 'fips', message: `${county.fips} is already the county of ${earlier}.yaml` }];
  });
}

/** The county with this slug (`king-wa`) or FIPS code (`53033`). @throws ReosError `not_found` naming those that exist */
export function findCounty(counties: readonly County[], key: string): County {
  const found = counties.find(({ slug, fips }) => slug === key.toLowerCase() || fips === key);
  if (found !== undefined) return found;
  throw new ReosError(
    'not_found',
    `There is no county "${key}". Known: ${counties.map(({ slug }) => slug).join(', ')}.`,
    {
      details: { county: key },
    },
  );
}
