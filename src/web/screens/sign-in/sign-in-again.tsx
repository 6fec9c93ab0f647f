import { endSession, useSession } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SignInForm } from './sign-in.tsx';

/** Asks for the password over the screen when a session has ended: nothing that was typed there is lost. */
export function SignInAgain() {
  const state = useSession();
  return (
    <Dialog title="Sign in again" actions={<Button onClick={() => void endSession()}>Leave instead</Button>}>
      <p className="muted">
        Your session has ended, or your role or password was changed. What you were doing is still here and goes on
        after this.
      </p>
      <SignInForm email={state?.session.user.email} />
    </Dialog>
  );
}
