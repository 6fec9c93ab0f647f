import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ReosError } from '../domain/errors.ts';
import { type MarketRules, marketRulesSchema } from '../domain/market/risk-rules.ts';
import { configError, parseYaml } from './yaml-file.ts';

/**
 * Reads and checks how markets are scored, `<configDir>/market.yaml`.
 * @throws ReosError `missing_part` when the file cannot be read, `validation` with a line per mistake that names file, line
 *   and path
 */
export function loadMarketRules(configDir: string): MarketRules {
  const file = join(configDir, 'market.yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `The rules for scoring markets cannot be read (${messageOf(cause)}). Restore ${file} from the repository.`;
    throw new ReosError('missing_part', message, { cause, details: { file } });
  }
  return parseMarketRules(text, file);
}

/** The same for text at hand; `file` only names it in errors. */
export function parseMarketRules(text: string, file: string): MarketRules {
  const result = parseYaml(marketRulesSchema, file, text);
  if (!result.ok) throw configError('The rules for scoring markets', result.problems);
  return result.value;
}
