import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ReosError } from '../domain/errors.ts';
import { type Places, placesSchema } from '../domain/outreach/contact-place.ts';
import { configError, parseYaml } from './yaml-file.ts';

/**
 * Reads `<configDir>/outreach/time-zones.yaml`: the zone of each state and of the ZIP codes that differ.
 * @throws ReosError `validation` naming file, line and fix, `missing_part` when the file cannot be read
 */
export function loadPlaces(configDir: string): Places {
  const file = join(configDir, 'outreach', 'time-zones.yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `The time zones cannot be read (${messageOf(cause)}). Restore ${file} from the repository.`;
    throw new ReosError('missing_part', message, { cause, details: { file } });
  }
  const result = parseYaml(placesSchema, file, text);
  if (!result.ok) throw configError('The time zones', result.problems);
  return result.value;
}
