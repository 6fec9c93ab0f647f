import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ReosError } from '../../domain/errors.ts';
import { nearestWord } from './nearest-word.ts';
import {
  type FileRecipe,
  fileRecipeSchema,
  isBuildField,
  recipeFieldNames,
  type SiteRecipe,
  type Synonyms,
  siteRecipeSchema,
  synonymsSchema,
} from './recipe-schema.ts';

/** Everything under `config/recipes`: files and sites by name, and the header synonyms. */
export interface Recipes {
  files: readonly FileRecipe[];
  sites: readonly SiteRecipe[];
  synonyms: Synonyms;
}

/**
 * Reads and checks all recipes.
 * @param configDir the `config` folder; `recipes/files/*.yaml`, `recipes/sites/*.yaml` and `recipes/synonyms.yaml` in it
 * @throws ReosError `validation` naming file, line, path and the nearest valid key; `missing_part` without the folder
 */
export async function loadRecipes(configDir: string): Promise<Recipes> {
  const root = join(configDir, 'recipes');
  const read = async <T>(path: string, schema: z.ZodType<T>) =>
    parseRecipe(await readFile(path, 'utf8'), schema, join('recipes', relative(root, path)));
  const folder = async <T extends { name: string }>(name: string, schema: z.ZodType<T>) => {
    const recipes: T[] = [];
    for (const file of await yamlFiles(join(root, name))) recipes.push(await read(file, schema));
    refuseTwins(recipes);
    return recipes;
  };
  return {
    files: await folder('files', fileRecipeSchema),
    sites: await folder('sites', siteRecipeSchema),
    synonyms: await read(join(root, 'synonyms.yaml'), synonymsSchema),
  };
}

async function yamlFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    throw new ReosError(
      'missing_part',
      `The recipe folder ${folder} cannot be read; restore it from the distribution.`,
      {
        cause: error,
      },
    );
  }
}

function refuseTwins(recipes: ReadonlyArray<{ name: string }>): void {
  const names = recipes.map((recipe) => recipe.name);
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined) throw new ReosError('validation', `Two recipes are named "${twin}"; rename one of them.`);
}

/** Parses one recipe's YAML text by its schema. `file` is what messages call it. */
export function parseRecipe<T>(yaml: string, schema: z.ZodType<T>, file: string): T {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    throw new ReosError('validation', `${file}:${line}: not valid YAML: ${broken.message.split('\n')[0]}`, {
      details: { file, line },
    });
  }
  const value: unknown = document.toJS();
  const result = schema.safeParse(value);
  const problems = result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(issue));
  if (result.success) problems.push(...fieldProblems(result.data));
  if (problems.length > 0 || !result.success) {
    const told = problems.map((p) => {
      const line = lineOf(document, lines, p.path);
      return { line, text: `${file}:${line}: ${p.path.join('.') || '(top)'}: ${p.message}` };
    });
    throw new ReosError('validation', told.map((t) => t.text).join('\n'), {
      details: { file, line: told[0]?.line ?? 1 },
    });
  }
  return result.data;
}

interface Problem {
  path: PropertyKey[];
  message: string;
}

const KNOWN_KEYS = new Set<string>();
collectKeys(fileRecipeSchema);
collectKeys(siteRecipeSchema);
collectKeys(synonymsSchema);

/** Gathers every key of a schema, to suggest the nearest one for a wrong key. */
function collectKeys(schema: z.ZodType): void {
  const def = schema.def as unknown as Record<string, unknown> & { type: string };
  if (def.type === 'object') {
    for (const [key, child] of Object.entries(def['shape'] as Record<string, z.ZodType>)) {
      KNOWN_KEYS.add(key);
      collectKeys(child);
    }
  }
  for (const key of ['innerType', 'element', 'valueType'] as const) {
    if (def[key] !== undefined) collectKeys(def[key] as z.ZodType);
  }
  for (const option of (def['options'] as z.ZodType[] | undefined) ?? []) collectKeys(option);
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearestWord(key, [...KNOWN_KEYS]);
      return {
        path: [...issue.path, key],
        message: `unknown key "${key}"${near === null ? '' : `; did you mean "${near}"?`}`,
      };
    });
  }
  if (issue.code === 'invalid_union') {
    // Of the alternatives, the one that got furthest says what is wrong.
    const best = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
    if (best !== undefined) return problemsOf({ ...best, path: [...issue.path, ...best.path] });
  }
  return [{ path: issue.path, message: issue.message }];
}

/** Wrong field names: keys of `columns`, `fields` and `constants` must be fields of a record. */
function fieldProblems(recipe: unknown): Problem[] {
  const problems: Problem[] = [];
  const check = (node: unknown, path: PropertyKey[]) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      const named = (key === 'columns' && !Array.isArray(value)) || key === 'fields' || key === 'constants';
      if (named && typeof value === 'object' && value !== null) {
        for (const field of Object.keys(value).filter((name) => !isBuildField(name))) {
          const near = nearestWord(field, recipeFieldNames);
          problems.push({
            path: [...path, key, field],
            message: `unknown field "${field}"${near === null ? '' : `; did you mean "${near}"?`} (values without a field go to extras.<name>)`,
          });
        }
      } else check(value, [...path, key]);
    }
  };
  check(recipe, []);
  return problems;
}

/** Line of the deepest part of the path that is in the document. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    if (range) return lines.linePos(range[0]).line;
  }
  return 1;
}
