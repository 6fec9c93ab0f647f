import { ApiProblem } from '../../sdk/problem.ts';

/** What is wrong with single fields, by the name that the request has for them. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

/** The sentences of a refusal by field (`password`, from `body.password`), as sentences. */
export function fieldErrorsOf(error: unknown): FieldErrors {
  if (!(error instanceof ApiProblem)) return {};
  const named = error.errors.map(({ field, message }) => [nameOf(field), sentence(message)] as const);
  if (named.length > 0) return Object.fromEntries(named.reverse());
  return error.field === undefined ? {} : { [nameOf(error.field)]: error.message };
}

/** Whether each wrong field is one of these, so that nothing is left to say beside them. */
export function isToldByFields(error: unknown, names: readonly string[]): boolean {
  const wrong = Object.keys(fieldErrorsOf(error));
  return wrong.length > 0 && wrong.every((name) => names.includes(name));
}

function nameOf(path: string): string {
  return path.replace(/^(body|query|path)\./, '');
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
