-- Valuation models, what they said about whom, and what came true.

-- Models learn from a tenant's own sales and carry them as comparables, so they belong to the tenant.
CREATE TABLE ml_models (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- avm (value of a house) or lead_score (will this lead answer).
  kind text NOT NULL CHECK (kind IN ('avm', 'lead_score')),
  -- County slug, or the name given when a file of another place was trained on.
  market text NOT NULL,
  version text NOT NULL,
  stage text NOT NULL CHECK (stage IN ('candidate', 'champion', 'retired')),
  -- A candidate in shadow values the same properties as the champion; outcomes decide.
  is_shadow boolean NOT NULL DEFAULT false,
  metrics jsonb NOT NULL,
  baselines jsonb NOT NULL DEFAULT '{}',
  hyperparameters jsonb NOT NULL,
  -- Every trial of the parameter search, in order.
  trials jsonb NOT NULL DEFAULT '[]',
  feature_names text[] NOT NULL,
  -- Histograms of the training rows, one per feature: drift is measured against them.
  feature_histograms jsonb NOT NULL DEFAULT '{}',
  data_fingerprint text NOT NULL,
  data_rows int NOT NULL,
  data_from date,
  data_to date,
  seed bigint NOT NULL,
  code_version text NOT NULL,
  artifact_path text NOT NULL,
  artifact_sha256 text NOT NULL,
  artifact_bytes bigint NOT NULL,
  decision text,
  created_at timestamptz NOT NULL DEFAULT now(),
  promoted_at timestamptz,
  retired_at timestamptz,
  -- The champion that this one took over from: where a rollback returns to.
  previous_champion_id uuid,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, kind, market, version)
);
CREATE UNIQUE INDEX ml_models_one_champion ON ml_models (tenant_id, kind, market) WHERE stage = 'champion';
CREATE UNIQUE INDEX ml_models_one_shadow ON ml_models (tenant_id, kind, market) WHERE is_shadow;

-- What a model said about a property, kept to be held against the sale that follows.
CREATE TABLE valuations (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  model_id uuid NOT NULL,
  as_of date NOT NULL,
  is_shadow boolean NOT NULL,
  value_cents bigint NOT NULL CHECK (value_cents > 0),
  low_50_cents bigint NOT NULL,
  high_50_cents bigint NOT NULL,
  low_80_cents bigint NOT NULL,
  high_80_cents bigint NOT NULL,
  low_90_cents bigint NOT NULL,
  high_90_cents bigint NOT NULL,
  confidence float8 NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  -- The model's own output: natural logarithm of dollars.
  raw_log float8 NOT NULL,
  valued_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, property_id, model_id, as_of),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, model_id) REFERENCES ml_models ON DELETE CASCADE
);
CREATE INDEX valuations_by_model ON valuations (tenant_id, model_id, as_of);

-- The newest feature row of each property, in the order of the model's feature names: what drift is measured on.
CREATE TABLE feature_rows (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  model_id uuid NOT NULL,
  as_of date NOT NULL,
  values float8[] NOT NULL,
  computed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, property_id, model_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, model_id) REFERENCES ml_models ON DELETE CASCADE
);

-- Each model's last word before a sale that nobody had told us of then, beside the sale: the scoreboard counts these.
CREATE VIEW valuation_outcomes WITH (security_invoker = true) AS
SELECT s.tenant_id, s.property_id, p.county_fips, v.model_id, v.is_shadow, v.as_of, v.valued_at,
  v.value_cents, v.low_50_cents, v.high_50_cents, v.low_80_cents, v.high_80_cents, v.low_90_cents, v.high_90_cents,
  s.close_date, s.close_price_cents
FROM sales s
JOIN properties p ON p.tenant_id = s.tenant_id AND p.id = s.property_id
JOIN LATERAL (
  SELECT DISTINCT ON (v.model_id) v.*
  FROM valuations v
  WHERE v.tenant_id = s.tenant_id AND v.property_id = s.property_id
    AND v.as_of <= s.close_date AND v.valued_at < s.created_at
  ORDER BY v.model_id, v.as_of DESC, v.valued_at DESC
) v ON true
WHERE s.arms_length;

-- How the columns of a source's files are understood, once a person has said so.
CREATE TABLE column_mappings (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  source text NOT NULL,
  -- SHA-256 of the normalised headers: another layout asks again.
  headers_hash text NOT NULL,
  record_kind text NOT NULL CHECK (record_kind IN ('listing', 'parcel', 'sale')),
  mapping jsonb NOT NULL,
  approved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, source, headers_hash)
);

-- Every set of scoring weights that was ever used, whole, by version.
CREATE TABLE scoring_weights (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  version text NOT NULL,
  sha256 text NOT NULL,
  document jsonb NOT NULL,
  first_used_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version)
);

CALL protect_tenant_table('ml_models');
CALL protect_tenant_table('valuations');
CALL protect_tenant_table('feature_rows');
CALL protect_tenant_table('column_mappings');
CALL protect_tenant_table('scoring_weights');
