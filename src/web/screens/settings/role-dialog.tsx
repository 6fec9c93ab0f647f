import { useState } from 'react';
import { ROLES, type Role } from '../../../domain/policy.ts';
import type { Schemas } from '../../app/api.ts';
import { humanise } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './people.module.css';
import { ROLE_WORDS } from './roles.ts';

interface RoleDialogProps {
  user: Schemas['User'];
  onChoose: (role: Role) => void;
  onClose: () => void;
}

/** Choosing another role for somebody, each with what it may do. */
export function RoleDialog({ user, onChoose, onClose }: RoleDialogProps) {
  const [role, setRole] = useState<Role>(user.role);
  return (
    <Dialog
      title={`Role of ${user.name}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={role === user.role} onClick={() => onChoose(role)}>
            Change role
          </Button>
        </>
      }
    >
      <fieldset className={styles.roles}>
        <legend>{user.email} signs in again after the change.</legend>
        {ROLES.map((one) => (
          <label key={one}>
            <input type="radio" name="role" checked={role === one} onChange={() => setRole(one)} />
            <span>
              <strong>{humanise(one)}</strong> <span className="muted">{ROLE_WORDS[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
