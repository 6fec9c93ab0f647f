-- Rows that a plan does not allow any more wait in the quarantine, too.
ALTER TABLE quarantine DROP CONSTRAINT quarantine_kind_check;
ALTER TABLE quarantine ADD CONSTRAINT quarantine_kind_check CHECK (kind IN ('invalid', 'blocked', 'quota'));
-- How many rows of a job a plan refused is asked when the job ends.
CREATE INDEX quarantine_job ON quarantine (tenant_id, job_id, kind);

-- What a tenant keeps in the object store, so that the same object again is not counted twice.
CREATE TABLE stored_objects (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  key text NOT NULL,
  bytes bigint NOT NULL CHECK (bytes >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, key)
);
CALL protect_tenant_table('stored_objects');

-- What a property's words mean, by an embedding model: 384 numbers of length 1 as little-endian float4. `signature` has
-- one bit for each: whether it is above zero. The signatures of many rows are compared first, so the numbers lie apart.
CREATE TABLE property_embeddings (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  model text NOT NULL,
  content_hash text NOT NULL,
  signature bit(384) NOT NULL,
  embedding bytea NOT NULL CHECK (octet_length(embedding) = 1536),
  embedded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, property_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
) WITH (toast_tuple_target = 256);
ALTER TABLE property_embeddings ALTER COLUMN embedding SET STORAGE EXTERNAL;
CALL protect_tenant_table('property_embeddings');

-- Discoveries of sites that run, counted when one more starts.
CREATE INDEX scraping_jobs_running ON scraping_jobs (tenant_id) WHERE status = 'running';
