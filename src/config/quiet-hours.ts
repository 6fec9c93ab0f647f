import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ReosError } from '../domain/errors.ts';
import { type QuietHours, quietHoursSchema } from '../domain/outreach/quiet-hours.ts';
import { configError, parseYaml } from './yaml-file.ts';

/**
 * Reads `<configDir>/outreach/quiet-hours.yaml`.
 * @throws ReosError `validation` naming file, line and fix, `missing_part` when the file cannot be read
 */
export function loadQuietHours(configDir: string): QuietHours {
  const file = join(configDir, 'outreach', 'quiet-hours.yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `The quiet hours cannot be read (${messageOf(cause)}). Restore ${file} from the repository.`;
    throw new ReosError('missing_part', message, { cause, details: { file } });
  }
  const result = parseYaml(quietHoursSchema, file, text);
  if (!result.ok) throw configError('The quiet hours', result.problems);
  return result.value;
}
