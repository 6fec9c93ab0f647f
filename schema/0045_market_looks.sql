-- Up to which state of its marts a tenant's packets and alerts were brought. Whatever changed the marts (a load of
-- published figures, a refresh from own feeds), and whatever was interrupted: as long as the state differs, somebody looks.
CREATE TABLE mart.looks (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  -- What it was looked at for: alerts.
  purpose text NOT NULL,
  -- A word for the notes in mart.changes that there were when the last whole look began.
  state text NOT NULL DEFAULT '',
  -- When the last one ended, well or badly.
  looked_at timestamptz,
  -- Since when one is going on; one that takes too long was interrupted.
  looking_since timestamptz,
  PRIMARY KEY (tenant_id, purpose)
);
CALL protect_tenant_table('mart.looks');
