import { userInfo } from 'node:os';

/** Who does it, for records: the login name of the person at the terminal. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the password file, as in some containers.
    return 'operator';
  }
}
