-- Files that were uploaded to be imported: what lies in the store, how it is read, and the run that reads it.
CREATE TABLE imports (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  file_name text NOT NULL,
  storage_key text NOT NULL,
  sha256 text NOT NULL,
  bytes bigint NOT NULL CHECK (bytes >= 0),
  county_fips text NOT NULL,
  recipe text,
  -- What people said about single columns.
  choices jsonb NOT NULL DEFAULT '[]',
  -- What the file looks like when it is read with them.
  analysis jsonb NOT NULL,
  approved_by text,
  approved_at timestamptz,
  workflow_id text,
  run_id text,
  started_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX imports_by_time ON imports (tenant_id, created_at DESC, id DESC);
CALL protect_tenant_table('imports');

-- What became of the run of an import.
CREATE INDEX scraping_jobs_by_run ON scraping_jobs (tenant_id, dag_run_id);

-- Messages and suppressed addresses by time, as their lists page through them.
CREATE INDEX outreach_messages_by_time ON outreach_messages (tenant_id, created_at DESC, send_id DESC);
CREATE INDEX suppressions_by_time ON suppressions (tenant_id, at DESC, channel DESC, address_hash DESC);
