-- What providers answered, what it cost, and the scores built on it.

CREATE TABLE enrichment_jobs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  dag_id text NOT NULL,
  dag_run_id text NOT NULL,
  property_id uuid NOT NULL,
  enrichment_type text NOT NULL CHECK (enrichment_type IN ('property_data', 'market_data', 'demographics')),
  data_sources_used text[] NOT NULL DEFAULT '{}',
  fields_enriched text[] NOT NULL DEFAULT '{}',
  status text NOT NULL CHECK (status IN ('running', 'success', 'failed')),
  error text,
  started_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, dag_run_id, property_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);

CREATE TABLE property_enrichment (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  provider text NOT NULL,
  fetched_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  fields jsonb NOT NULL,
  confidence float8 NOT NULL,
  raw_ref text,
  source_url text,
  cost_micros bigint NOT NULL DEFAULT 0,
  simulated boolean NOT NULL,
  PRIMARY KEY (tenant_id, property_id, provider, fetched_at),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);

-- System tables: answers, call rates and health are shared by all tenants and workers.
CREATE TABLE provider_cache (
  provider text NOT NULL,
  cache_key text NOT NULL,
  answer jsonb NOT NULL,
  simulated boolean NOT NULL,
  fetched_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (provider, cache_key)
);
CREATE TABLE token_buckets (
  name text PRIMARY KEY,
  tokens float8 NOT NULL,
  refilled_at timestamptz NOT NULL
);
CREATE TABLE provider_health (
  provider text PRIMARY KEY,
  state text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'open')),
  consecutive_failures int NOT NULL DEFAULT 0,
  open_until timestamptz,
  last_error text,
  last_success_at timestamptz,
  last_failure_at timestamptz
);
REVOKE ALL ON provider_cache, token_buckets, provider_health FROM reos_app;

CREATE TABLE property_scores (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  property_id uuid NOT NULL,
  bird_dog_score float8 NOT NULL CHECK (bird_dog_score BETWEEN 0 AND 100),
  overall_score float8 GENERATED ALWAYS AS (bird_dog_score) STORED,
  investment_score float8 NOT NULL,
  risk_score float8 NOT NULL,
  roi_estimate float8,
  confidence float8 NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  estimated_value_cents bigint,
  value_low_cents bigint,
  value_high_cents bigint,
  reference_price_cents bigint,
  reference_price_kind text NOT NULL DEFAULT 'none',
  as_of date NOT NULL,
  score_components jsonb NOT NULL,
  reasons jsonb NOT NULL,
  features_used jsonb NOT NULL,
  comparables jsonb NOT NULL DEFAULT '[]',
  weights_version text NOT NULL,
  model_version text NOT NULL,
  inputs_hash text NOT NULL,
  scored_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);
CREATE INDEX property_scores_latest ON property_scores (tenant_id, property_id, scored_at DESC);

CREATE TABLE action_packets (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  property_id uuid NOT NULL,
  kind text NOT NULL DEFAULT 'investor_memo',
  score_id uuid NOT NULL,
  template_version text NOT NULL,
  path text NOT NULL,
  sha256 text NOT NULL,
  bytes int NOT NULL,
  pages int NOT NULL,
  status text NOT NULL DEFAULT 'generated' CHECK (status IN ('generated', 'superseded')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, property_id, kind, score_id, template_version),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);

CALL protect_tenant_table('enrichment_jobs');
CALL protect_tenant_table('property_enrichment');
CALL protect_tenant_table('property_scores');
CALL protect_tenant_table('action_packets');
