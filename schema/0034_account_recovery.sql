-- Tenants that are suspended, ways back for who forgot a password, mail to people who are invited, and users whose data
-- was erased.

ALTER TABLE tenants DROP CONSTRAINT tenants_status_check;
UPDATE tenants SET status = 'suspended' WHERE status = 'paused';
ALTER TABLE tenants ADD CONSTRAINT tenants_status_check CHECK (status IN ('active', 'suspended', 'closed'));

-- One row per link that sets a new password. The token is kept as a keyed hash alone.
CREATE TABLE password_resets (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  token_hash text NOT NULL,
  -- Who gave it: the id of a user or key, or `forgot-password` when the person asked for it.
  issued_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  -- When it was used, or gave way to another or to a new password.
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, token_hash),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_accounts ON DELETE CASCADE
);
CREATE INDEX password_resets_by_user ON password_resets (tenant_id, user_id);
CALL protect_tenant_table('password_resets');

-- A mail goes to a user, or to the address of an invitation. `sealed_link` holds a secret link (AES-256-GCM) until the
-- mail has left or never will.
ALTER TABLE user_mails ALTER COLUMN user_id DROP NOT NULL,
  ADD COLUMN invitation_id uuid,
  ADD COLUMN sealed_link text,
  ADD CONSTRAINT user_mails_recipient CHECK (num_nonnulls(user_id, invitation_id) = 1),
  ADD CONSTRAINT user_mails_invitation UNIQUE (tenant_id, invitation_id, reference),
  ADD FOREIGN KEY (tenant_id, invitation_id) REFERENCES invitations ON DELETE CASCADE;

ALTER TABLE user_accounts ADD COLUMN erased_at timestamptz;

-- The log is read by who did it and by what was done.
CREATE INDEX audit_log_by_actor ON audit_log (tenant_id, actor_id, seq);
CREATE INDEX audit_log_by_action ON audit_log (tenant_id, action, seq);
