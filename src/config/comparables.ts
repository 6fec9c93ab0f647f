import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ComparableLimits, ComparableRules } from '../domain/comparables/rules.ts';
import { messageOf, ReosError } from '../domain/errors.ts';
import { configError, parseYaml } from './yaml-file.ts';

const radius = z.number().gt(0).max(15);
const months = z.number().int().min(1).max(120);
const tolerance = z.number().gt(0).max(1);

const limits = z.strictObject({ radius_miles: radius, months, sqft_tolerance: tolerance });
const step = limits
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'widens nothing; name a limit or drop it');

const comparablesFile = z
  .strictObject({
    version: z.string().regex(/^\d{4}\.\d{1,2}\.\d+$/, 'must be YEAR.MONTH.NUMBER in quotes, such as "2026.11.1"'),
    limits,
    min_chosen: z.number().int().min(1).max(50),
    max_chosen: z.number().int().min(1).max(50),
    same_property_type: z.boolean(),
    excluded_shown: z.number().int().min(0).max(200),
    widening: z.array(step).max(20),
  })
  .superRefine((file, context) => {
    if (file.max_chosen < file.min_chosen) {
      const message = `must not lie below min_chosen, ${file.min_chosen}`;
      context.addIssue({ code: 'custom', path: ['max_chosen'], message });
    }
    const reached = { ...file.limits };
    for (const [at, wider] of file.widening.entries()) {
      for (const name of ['radius_miles', 'months', 'sqft_tolerance'] as const) {
        const value = wider[name];
        if (value === undefined) continue;
        if (value <= reached[name]) {
          const message = `must be above ${reached[name]}, which holds before this step: a step only widens`;
          context.addIssue({ code: 'custom', path: ['widening', at, name], message });
        }
        reached[name] = value;
      }
    }
  });

/**
 * Reads and checks what counts as a comparable sale, `config/comparables.yaml`.
 * @throws ReosError('missing_part') when the file cannot be read; ReosError('validation') with a line per mistake that
 *   names file, line and path
 */
export function loadComparableRules(file: string): ComparableRules {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `The rules for comparables cannot be read (${messageOf(cause)}). Restore ${file} from the repository, or name another file.`;
    throw new ReosError('missing_part', message, { cause, details: { file } });
  }
  return parseComparableRules(text, file);
}

/** The same for text at hand; `file` only names it in errors. */
export function parseComparableRules(text: string, file: string): ComparableRules {
  const result = parseYaml(comparablesFile, file, text);
  if (!result.ok) throw configError('The rules for comparables', result.problems);
  const { value } = result;
  return {
    version: value.version,
    limits: limitsOf(value.limits) as ComparableLimits,
    minChosen: value.min_chosen,
    maxChosen: value.max_chosen,
    samePropertyType: value.same_property_type,
    excludedShown: value.excluded_shown,
    widening: value.widening.map(limitsOf),
  };
}

function limitsOf(value: z.infer<typeof step>): Partial<ComparableLimits> {
  return {
    ...(value.radius_miles === undefined ? {} : { radiusMiles: value.radius_miles }),
    ...(value.months === undefined ? {} : { months: value.months }),
    ...(value.sqft_tolerance === undefined ? {} : { sqftTolerance: value.sqft_tolerance }),
  };
}
