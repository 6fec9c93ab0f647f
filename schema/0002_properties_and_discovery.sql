-- Discovered rows, the properties they become, and what was refused on the way.

CREATE TABLE scraping_jobs (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL,
  dag_id text NOT NULL,
  dag_run_id text NOT NULL,
  source text NOT NULL,
  county_fips text NOT NULL,
  items_scraped int NOT NULL DEFAULT 0,
  items_failed int NOT NULL DEFAULT 0,
  items_duplicate int NOT NULL DEFAULT 0,
  items_blocked int NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'success', 'failed', 'cancelled')),
  error text,
  cursor text,
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX scraping_jobs_by_time ON scraping_jobs (tenant_id, created_at DESC);

CREATE TABLE properties (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL,
  county_fips text NOT NULL,
  status text NOT NULL DEFAULT 'new' CHECK (status IN (
    'new', 'ready', 'enriched', 'scored', 'packet_ready', 'contacted', 'engaged', 'closed', 'failed', 'suppressed')),
  failed_stage text,
  failure_reason text,
  held_reason text,
  held_until timestamptz,
  is_paused boolean NOT NULL DEFAULT false,
  needs_review boolean NOT NULL DEFAULT false,
  rescore_requested_at timestamptz,
  settled_at timestamptz,
  apn text,
  apn_hash text,
  address_key text,
  address text,
  unit text,
  city text,
  state text,
  zip_code text,
  latitude float8,
  longitude float8,
  property_type text,
  property_sub_type text,
  bedrooms float8,
  bathrooms float8,
  sqft float8,
  lot_size_sqft float8,
  year_built int,
  year_renovated int,
  stories float8,
  condition float8,
  grade float8,
  waterfront boolean,
  list_price_cents bigint,
  list_date date,
  listing_url text,
  standard_status text,
  last_sale_price_cents bigint,
  last_sale_date date,
  assessed_value_cents bigint,
  estimated_value_cents bigint,
  tax_annual_cents bigint,
  tax_year int,
  owner_name text,
  public_remarks text,
  flood_zone text,
  flood_risk text,
  census_tract text,
  population float8,
  median_income_cents bigint,
  median_home_value_cents bigint,
  median_rent_cents bigint,
  owner_occupied_share float8,
  bird_dog_score float8,
  enrichment_sources text[] NOT NULL DEFAULT '{}',
  field_sources jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX properties_by_status ON properties (tenant_id, status, id);
CREATE INDEX properties_by_county ON properties (tenant_id, county_fips, status);
CREATE INDEX properties_by_apn ON properties (tenant_id, county_fips, apn);
CREATE INDEX properties_by_score ON properties (tenant_id, bird_dog_score DESC NULLS LAST, id);
CREATE INDEX properties_by_place ON properties USING gist (point(longitude, latitude)) WHERE latitude IS NOT NULL AND longitude IS NOT NULL;
CREATE INDEX properties_to_rescore ON properties (tenant_id, id) WHERE rescore_requested_at IS NOT NULL;
CREATE INDEX properties_by_update ON properties (tenant_id, updated_at);

-- Every identity under which a property has been seen: `apn:<normalised>` or `address:<key>`.
CREATE TABLE property_aliases (
  tenant_id uuid NOT NULL,
  county_fips text NOT NULL,
  identity text NOT NULL,
  property_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, county_fips, identity),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);

CREATE TABLE prospect_queue (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  source text NOT NULL,
  source_id text NOT NULL,
  url text,
  record_kind text NOT NULL CHECK (record_kind IN ('listing', 'parcel', 'sale')),
  payload jsonb NOT NULL,
  payload_hash text NOT NULL,
  status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'ready', 'failed')),
  property_id uuid,
  county_fips text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, source, source_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties
);
CREATE INDEX prospect_queue_by_property ON prospect_queue (tenant_id, property_id);

-- One row per raw document a record was read from: where the bytes are, what they hashed to.
CREATE TABLE source_records (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  prospect_id uuid NOT NULL,
  job_id uuid,
  raw_ref text NOT NULL,
  sha256 text NOT NULL,
  fields text[] NOT NULL,
  warnings jsonb NOT NULL DEFAULT '[]',
  fetched_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, prospect_id, sha256),
  FOREIGN KEY (tenant_id, prospect_id) REFERENCES prospect_queue ON DELETE CASCADE
);

CREATE TABLE quarantine (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  job_id uuid NOT NULL,
  source text NOT NULL,
  row_reference text NOT NULL,
  kind text NOT NULL DEFAULT 'invalid' CHECK (kind IN ('invalid', 'blocked')),
  reasons jsonb NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, source, row_reference)
);

CREATE TABLE sales (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  close_date date NOT NULL,
  close_price_cents bigint NOT NULL CHECK (close_price_cents >= 0),
  arms_length boolean NOT NULL,
  arms_length_reason text,
  source text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, property_id, close_date, close_price_cents),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);
CREATE INDEX sales_by_date ON sales (tenant_id, close_date);

CREATE TABLE property_images (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  url text NOT NULL,
  source text NOT NULL,
  PRIMARY KEY (tenant_id, property_id, url),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);

-- One row per run of a workflow that a schedule or a person started: the journal behind "runs".
CREATE TABLE pipeline_runs (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  dag_id text NOT NULL,
  dag_run_id text NOT NULL,
  execution_date timestamptz NOT NULL DEFAULT now(),
  status text NOT NULL CHECK (status IN ('queued', 'running', 'success', 'failed')),
  tasks_total int NOT NULL DEFAULT 0,
  tasks_success int NOT NULL DEFAULT 0,
  tasks_failed int NOT NULL DEFAULT 0,
  duration_seconds float8,
  detail text,
  PRIMARY KEY (tenant_id, dag_id, dag_run_id)
);

CREATE TABLE data_quality_metrics (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  metric_type text NOT NULL,
  metric_name text NOT NULL,
  value float8 NOT NULL,
  threshold float8,
  is_passing boolean NOT NULL,
  entity_type text NOT NULL,
  entity_id text NOT NULL,
  measured_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

CALL protect_tenant_table('scraping_jobs');
CALL protect_tenant_table('properties');
CALL protect_tenant_table('property_aliases');
CALL protect_tenant_table('prospect_queue');
CALL protect_tenant_table('source_records');
CALL protect_tenant_table('quarantine');
CALL protect_tenant_table('sales');
CALL protect_tenant_table('property_images');
CALL protect_tenant_table('pipeline_runs');
CALL protect_tenant_table('data_quality_metrics');
