import { z } from '@hono/zod-openapi';
import { text } from '../kit/schemas.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from './password.ts';

/** An e-mail address in a request; comes out in lower case. */
export const emailInput = text(254)
  .transform((value) => value.trim().toLowerCase())
  .pipe(z.email('must be an e-mail address'))
  .openapi({ type: 'string', format: 'email', maxLength: 254 });

/** A new password. */
export const newPassword = text(PASSWORD_MAX, PASSWORD_MIN);

/** The name of a person, key or organisation: one to `max` characters, not counting blanks around them. */
export const nameInput = (max = 120) =>
  text(max)
    .transform((value) => value.trim())
    .pipe(z.string().min(1, 'must not be empty'))
    .openapi({ type: 'string', minLength: 1, maxLength: max });
