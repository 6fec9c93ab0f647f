import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, ReosError } from '../domain/errors.ts';
import { nearestWord } from './suggest.ts';
import { configError, parseYaml } from './yaml-file.ts';

const providersSchema = z.strictObject({
  base_urls: z.record(z.string(), z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
});

/**
 * Reads `<configDir>/providers.yaml`: the base URL of each provider, by name. A missing file means no replacements.
 * @param known the names of the registry; another name is refused with the nearest one
 * @throws ReosError `validation` naming file, line and fix
 */
export async function loadProviderBaseUrls(
  configDir: string,
  known: readonly string[],
): Promise<Record<string, string>> {
  const file = join(configDir, 'providers.yaml');
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ReosError('missing_part', `${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const result = parseYaml(providersSchema, file, source);
  if (!result.ok) throw configError('The provider configuration', result.problems);
  const problems = Object.keys(result.value.base_urls)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const guess = nearestWord(name, known);
      const fix = guess === null ? `Known: ${known.join(', ')}.` : `Did you mean "${guess}"?`;
      const line = source.split('\n').findIndex((text) => text.trimStart().startsWith(`${name}:`)) + 1;
      return { file, line, path: `base_urls.${name}`, message: `is not a known provider. ${fix}` };
    });
  if (problems.length > 0) throw configError('The provider configuration', problems);
  return result.value.base_urls;
}
