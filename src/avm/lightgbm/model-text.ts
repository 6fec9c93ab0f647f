import { createHash } from 'node:crypto';
import { ReosError } from '../../domain/errors.ts';

const lastLine = /\nsha256:([0-9a-f]{64})\n$/;

/** A model's text with a checksum as its last line, which LightGBM passes over. */
export function withChecksum(model: string): string {
  const body = model.endsWith('\n') ? model : `${model}\n`;
  return `${body}sha256:${digest(body)}\n`;
}

/**
 * Refuses a text that LightGBM would not survive: a changed figure in a tree can end the whole process. A model of another
 * LightGBM has no checksum and is taken as it is.
 * @throws ReosError 'validation' when the text is no model, is cut off, or was changed since it was saved
 */
export function checkModelText(text: string): void {
  if (!text.startsWith('tree\n') || !text.includes('\nend of trees\n')) {
    throw refuse('the text is no LightGBM model, or is cut off');
  }
  const found = lastLine.exec(text);
  if (found && digest(text.slice(0, found.index + 1)) !== found[1]) {
    throw refuse('the text was changed since it was saved (its checksum differs): restore it, or train again');
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function refuse(what: string): ReosError {
  return new ReosError('validation', `LightGBM model: ${what}`);
}
