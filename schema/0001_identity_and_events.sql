-- Tenants, budgets and decisions, the event log with its outbox of signals, and the helper that closes a table to
-- everyone but its tenant.

GRANT USAGE ON SCHEMA public TO reos_app, reos_system, reos_search;
ALTER DEFAULT PRIVILEGES FOR ROLE reos_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO reos_app, reos_system;
ALTER DEFAULT PRIVILEGES FOR ROLE reos_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO reos_app, reos_system;

CREATE FUNCTION current_tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('app.current_tenant_id', true), '')::uuid;

-- Forces row-level security on a tenant table. Every table with a tenant_id goes through it.
CREATE PROCEDURE protect_tenant_table(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY tenant_isolation ON %s USING (tenant_id = NULLIF(current_setting(''app.current_tenant_id'', true), '''')::uuid)'
    ' WITH CHECK (tenant_id = NULLIF(current_setting(''app.current_tenant_id'', true), '''')::uuid)', target);
END $$;

-- System table: reached through withSystem only, so the app's role has no right on it.
CREATE TABLE tenants (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text NOT NULL,
  plan text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'professional', 'enterprise')),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'closed')),
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON tenants FROM reos_app;

CREATE TABLE budgets (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  resource text NOT NULL,
  period text NOT NULL CHECK (period IN ('day', 'month')),
  limit_micros bigint NOT NULL CHECK (limit_micros >= 0),
  PRIMARY KEY (tenant_id, resource, period)
);

-- One row per decision of the policy kernel that was refused or that cost money.
CREATE TABLE policy_decisions (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id bigint GENERATED ALWAYS AS IDENTITY,
  actor text NOT NULL,
  action text NOT NULL,
  resource text NOT NULL,
  cost_micros bigint NOT NULL DEFAULT 0,
  allow boolean NOT NULL,
  reason text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

-- Every call that has a price, also a price of zero: enrichment, sends, model calls.
CREATE TABLE cost_ledger (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL,
  resource text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('enrichment', 'send', 'model')),
  property_id uuid,
  reference text,
  cost_micros bigint NOT NULL CHECK (cost_micros >= 0),
  simulated boolean NOT NULL DEFAULT false,
  outcome text NOT NULL CHECK (outcome IN ('reserved', 'ok', 'empty', 'error', 'unknown')),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX cost_ledger_by_resource ON cost_ledger (tenant_id, resource, at);
CREATE INDEX cost_ledger_by_property ON cost_ledger (tenant_id, property_id);

CREATE TABLE event_log (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  position bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  event_id uuid NOT NULL DEFAULT gen_random_uuid(),
  event_type text NOT NULL,
  subject text NOT NULL CHECK (subject IN (
    'event.discovery.intake', 'event.enrichment.features', 'event.scoring.calculated',
    'event.docgen.generated', 'event.outreach.sent', 'event.timeline.updated')),
  "timestamp" timestamptz NOT NULL DEFAULT now(),
  correlation_id text NOT NULL,
  property_id uuid,
  payload jsonb NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, position)
);
CREATE INDEX event_log_by_property ON event_log (tenant_id, property_id, position);
CREATE INDEX event_log_by_cursor ON event_log (xid, position);

-- Signals that must reach a workflow, written in the transaction of the change that causes them.
CREATE TABLE signal_outbox (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id bigint GENERATED ALWAYS AS IDENTITY,
  property_id uuid NOT NULL,
  signal text NOT NULL CHECK (signal IN ('emailEvent', 'smsEvent', 'mailEvent', 'pause', 'resume', 'suppress', 'recordOutcome')),
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  attempts int NOT NULL DEFAULT 0,
  last_error text,
  delivered_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX signal_outbox_waiting ON signal_outbox (id) WHERE delivered_at IS NULL;

-- Heartbeat of each part. System table.
CREATE TABLE ping (
  component text PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  ok boolean NOT NULL,
  detail text
);
REVOKE ALL ON ping FROM reos_app;

CALL protect_tenant_table('budgets');
CALL protect_tenant_table('policy_decisions');
CALL protect_tenant_table('cost_ledger');
CALL protect_tenant_table('event_log');
CALL protect_tenant_table('signal_outbox');
