import { messageOf } from '../../domain/errors.ts';

/**
 * What MJML says is wrong, one problem after the other: `Line 3 (mj-text) — Attribute bad is illegal`. Its own words name the
 * folder that the process runs in, which says nothing about a template.
 */
export function mjmlProblem(error: unknown): string {
  return messageOf(error)
    .replace(/^ValidationError:/, '')
    .split('\n')
    .map((line) => line.trim().replace(/^Line (\d+) of .*? \(([\w-]+)\) — /, 'Line $1 ($2) — '))
    .filter((line) => line !== '')
    .join('; ');
}
