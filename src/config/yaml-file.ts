import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { ReosError } from '../domain/errors.ts';
import { nearestWord } from './suggest.ts';

/** One thing wrong in a configuration file. */
export interface ConfigProblem {
  file: string;
  /** 1-based. */
  line: number;
  /** Where in the document, such as `scoring.market_heat`; empty for the whole. */
  path: string;
  /** What is wrong and what to write instead. */
  message: string;
}

type Path = readonly PropertyKey[];

/** Parses and validates one YAML text; either the value or every problem found, never half of it. */
export function parseYaml<S extends z.ZodType>(
  schema: S,
  file: string,
  source: string,
): { ok: true; value: z.infer<S> } | { ok: false; problems: ConfigProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      file,
      line: lineAt(error.pos[0]),
      path: '',
      message: `is not valid YAML: ${error.message}`,
    }));
    return { ok: false, problems };
  }
  const result = schema.safeParse(document.toJS({ maxAliasCount: 50 }));
  if (result.success) return { ok: true, value: result.data };
  // A mistyped key also makes the right one missing: name the cause before the consequence.
  const issues = result.error.issues.toSorted(
    (a, b) => Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'),
  );
  const problems = issues.flatMap((issue) =>
    describeIssue(schema, issue).map(({ path, message }) => ({
      file,
      line: lineAt(offsetOf(document, path)),
      path: path.map(String).join('.'),
      message,
    })),
  );
  return { ok: false, problems };
}

function describeIssue(schema: z.ZodType, issue: z.core.$ZodIssue): { path: Path; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = keysAt(schema, issue.path);
      const guess = nearestWord(key, known);
      const fix = guess === null ? `Known keys here: ${known.join(', ')}.` : `Did you mean "${guess}"?`;
      return { path: [...issue.path, key], message: `is not a known key. ${fix}` };
    });
  }
  const missing = issue.code === 'invalid_type' && /received undefined/.test(issue.message);
  const message = missing ? `is missing; it must be of type ${issue.expected}` : issue.message;
  return [{ path: issue.path, message }];
}

/** The keys that the schema allows at a path; none where it is no object. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let at: unknown = schema;
  for (const step of path) {
    at = unwrap(at);
    if (at instanceof z.ZodObject) at = (at.shape as Record<string, unknown>)[String(step)];
    else if (at instanceof z.ZodArray) at = at.element;
    else return [];
  }
  at = unwrap(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrap(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodNullable) at = at.unwrap();
  return at;
}

/** The place in the text of the key at a path, or of the nearest parent that exists. */
function offsetOf(document: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(({ key: each }) => isScalar(each) && String(each.value) === String(key));
      if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return document.contents?.range?.[0] ?? 0;
}

/** One error for all problems, a line each: file:line path message. */
export function configError(what: string, problems: readonly ConfigProblem[]): ReosError {
  const list = problems.map(
    ({ file, line, path, message }) => `${file}:${line}: ${path === '' ? '' : `${path} `}${message}`,
  );
  const first = problems[0];
  return new ReosError('validation', `${what} cannot be used:\n${list.join('\n')}`, {
    details: {
      file: first?.file ?? null,
      line: first?.line ?? null,
      path: first?.path ?? null,
      problems: problems.length,
    },
  });
}
