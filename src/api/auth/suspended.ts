import { ReosError } from '../../domain/errors.ts';

/** What people and keys of a suspended organisation are told. */
export function suspended(): ReosError {
  return new ReosError(
    'auth_revoked',
    'This organisation is suspended: nobody gets in and nothing is sent. Ask whoever runs this installation.',
  );
}
