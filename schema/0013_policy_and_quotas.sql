-- The end of each tenant's audit chain, so that entries cut off its end are missed; plans for tenants that are there.

-- `chain` is 'audit'. Written with each entry.
CREATE TABLE audit_heads (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  chain text NOT NULL,
  seq bigint NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (tenant_id, chain)
);
CALL protect_tenant_table('audit_heads');

-- Whoever was here before there were plans runs this installation.
UPDATE tenants SET plan = 'enterprise';
