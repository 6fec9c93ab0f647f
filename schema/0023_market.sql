-- Market intelligence: feeds as they came (raw), what is computed from them (mart), and what follows: packets, briefings,
-- alerts, feedback. Money in these two schemas is dollars (float8), as in the files and warehouses they are held against.

CREATE SCHEMA raw;
CREATE SCHEMA mart;
GRANT USAGE ON SCHEMA raw, mart TO reos_app, reos_system;
ALTER DEFAULT PRIVILEGES FOR ROLE reos_owner IN SCHEMA raw GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO reos_app, reos_system;
ALTER DEFAULT PRIVILEGES FOR ROLE reos_owner IN SCHEMA mart GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO reos_app, reos_system;

-- One row per file, batch or pull: where rows came from, and what its quality gate said.
CREATE TABLE raw.loads (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  feed text NOT NULL,
  -- File name, object key, table or `http`.
  origin text NOT NULL,
  layout text NOT NULL,
  content_sha256 text,
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'success', 'failed')),
  rows_read int NOT NULL DEFAULT 0,
  rows_kept int NOT NULL DEFAULT 0,
  rows_rejected int NOT NULL DEFAULT 0,
  rows_repeated int NOT NULL DEFAULT 0,
  gate jsonb NOT NULL DEFAULT '[]',
  data_from date,
  data_to date,
  message text,
  started_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX loads_by_feed ON raw.loads (tenant_id, feed, started_at DESC);
-- The same file is loaded once.
CREATE UNIQUE INDEX loads_by_content ON raw.loads (tenant_id, feed, content_sha256) WHERE status = 'success' AND content_sha256 IS NOT NULL;

-- Rows that a gate refused, with reasons. None is dropped silently.
CREATE TABLE raw.rejected_rows (
  tenant_id uuid NOT NULL,
  load_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  row_reference text NOT NULL,
  reasons text[] NOT NULL,
  payload jsonb NOT NULL,
  rejected_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, load_id, id),
  FOREIGN KEY (tenant_id, load_id) REFERENCES raw.loads ON DELETE CASCADE
);

CREATE TABLE raw.mls_listings (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  listing_id text NOT NULL,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  zip text,
  list_price float8 CHECK (list_price > 0),
  sale_price float8 CHECK (sale_price > 0),
  living_area_sqft float8 CHECK (living_area_sqft > 0),
  days_on_market float8 CHECK (days_on_market >= 0),
  list_date date,
  close_date date,
  load_id uuid,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, listing_id)
);
CREATE INDEX mls_listings_closed ON raw.mls_listings (tenant_id, market, segment, close_date);
CREATE INDEX mls_listings_listed ON raw.mls_listings (tenant_id, market, segment, list_date);

CREATE TABLE raw.offer_events (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  event_id text NOT NULL,
  property_ref text NOT NULL,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  offer_price float8 NOT NULL CHECK (offer_price > 0),
  market_estimated_value float8 CHECK (market_estimated_value > 0),
  price_per_sqft float8 CHECK (price_per_sqft > 0),
  -- Null: not answered yet.
  seller_accepted_offer boolean,
  days_to_accept float8 CHECK (days_to_accept >= 0),
  offered_at timestamptz NOT NULL,
  load_id uuid,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, event_id)
);
CREATE INDEX offer_events_by_market ON raw.offer_events (tenant_id, market, segment, offered_at);

CREATE TABLE raw.funnel_activity (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  week date NOT NULL,
  lead_count int NOT NULL CHECK (lead_count >= 0),
  offer_count int NOT NULL CHECK (offer_count >= 0),
  accepted_offer_count int NOT NULL CHECK (accepted_offer_count >= 0),
  close_count int NOT NULL CHECK (close_count >= 0),
  load_id uuid,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, market, segment, week)
);

CREATE TABLE raw.inventory_status (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  home_ref text NOT NULL,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  acquisition_date date,
  acquisition_price float8 NOT NULL CHECK (acquisition_price > 0),
  days_held float8 CHECK (days_held >= 0),
  inventory_days_on_market float8 CHECK (inventory_days_on_market >= 0),
  reno_status text,
  reno_condition text CHECK (reno_condition IN ('cosmetic', 'moderate', 'full_gut')),
  reno_cost_actual float8 CHECK (reno_cost_actual >= 0),
  reno_completion_date date,
  estimated_hold_cost float8 CHECK (estimated_hold_cost >= 0),
  living_area_sqft float8 CHECK (living_area_sqft > 0),
  -- The day the row speaks of: the newest one wins, whenever it arrives.
  as_of date NOT NULL,
  load_id uuid,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, home_ref)
);
CREATE INDEX inventory_status_by_market ON raw.inventory_status (tenant_id, market, segment);

CREATE TABLE raw.avm_values (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  property_ref text NOT NULL,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  estimated_value float8 NOT NULL CHECK (estimated_value > 0),
  confidence float8 CHECK (confidence BETWEEN 0 AND 1),
  valued_at timestamptz NOT NULL,
  load_id uuid,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, property_ref, valued_at)
);
CREATE INDEX avm_values_by_market ON raw.avm_values (tenant_id, market, segment, valued_at);

CREATE TABLE raw.resales (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  home_ref text NOT NULL,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  close_date date NOT NULL,
  resale_price float8 NOT NULL CHECK (resale_price > 0),
  resale_margin_actual float8,
  days_to_sell float8 CHECK (days_to_sell >= 0),
  load_id uuid,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, home_ref)
);
CREATE INDEX resales_by_market ON raw.resales (tenant_id, market, segment, close_date);

CREATE TABLE raw.macro (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  -- mortgage_rate_30y (percent), affordability_index, builder_cancellation_rate (fraction), house price indices.
  series text NOT NULL,
  date date NOT NULL,
  value float8 NOT NULL,
  load_id uuid,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, series, date)
);

-- Figures that somebody publishes per market and period (Redfin, Zillow, FHFA, S&P): one row each, as published.
CREATE TABLE raw.published_metrics (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  publisher text NOT NULL,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  grain text NOT NULL CHECK (grain IN ('week', 'month', 'quarter')),
  -- First day of the period.
  period date NOT NULL,
  metric text NOT NULL,
  value float8 NOT NULL,
  load_id uuid,
  row_reference text,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, market, segment, grain, period, metric, publisher)
);

-- Weeks of a market whose raw rows have changed since they were computed. Written with the rows, emptied by the refresh:
-- late rows are nothing special.
CREATE TABLE mart.stale_weeks (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  market text NOT NULL,
  segment text NOT NULL,
  grain text NOT NULL DEFAULT 'week',
  week date NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, market, segment, grain, week)
);
CREATE INDEX stale_weeks_by_age ON mart.stale_weeks (changed_at);

-- The snapshot of one market, segment and period. `week` is the first day of the period (a Monday for weeks).
CREATE TABLE mart.market_metrics (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  grain text NOT NULL DEFAULT 'week' CHECK (grain IN ('week', 'month', 'quarter')),
  week date NOT NULL,
  median_sale_price float8,
  median_list_price float8,
  days_on_market float8,
  homes_sold float8,
  new_listings float8,
  inventory_count float8,
  list_to_sale_ratio float8,
  price_per_sqft float8,
  offer_count float8,
  offer_price_avg float8,
  market_estimated_value_avg float8,
  acceptance_rate float8,
  acceptance_rate_change float8,
  lead_count float8,
  accepted_offer_count float8,
  close_count float8,
  lead_to_offer_rate float8,
  offer_to_close_rate float8,
  home_value_index float8,
  rent_index float8,
  sources text[] NOT NULL DEFAULT '{}',
  refreshed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, market, segment, grain, week)
);
CREATE INDEX market_metrics_by_week ON mart.market_metrics (tenant_id, grain, segment, week, market);

CREATE TABLE mart.deal_pl (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  home_ref text NOT NULL,
  market text NOT NULL,
  segment text NOT NULL DEFAULT 'all',
  status text NOT NULL CHECK (status IN ('prospect', 'held', 'sold')),
  acquisition_date date,
  close_date date,
  -- What it is or was worth repaired: the resale price when sold, else the newest valuation.
  arv float8,
  acquisition_price float8,
  reno_condition text,
  reno_cost float8,
  hold_cost float8,
  net_margin float8,
  resale_margin_actual float8,
  days_held float8,
  days_to_sell float8,
  living_area_sqft float8,
  valuation_confidence float8,
  refreshed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, home_ref)
);
CREATE INDEX deal_pl_by_market ON mart.deal_pl (tenant_id, market, segment, status);
CREATE INDEX deal_pl_by_margin ON mart.deal_pl (tenant_id, status, net_margin DESC NULLS LAST, home_ref);

-- Recommendation, what was done about it, what came of it. Append-only but for the later columns.
CREATE TABLE mart.feedback_log (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  packet_id uuid,
  tool text NOT NULL,
  market text,
  segment text,
  recommendation text NOT NULL,
  -- Stated when it was made: that it would come true.
  predicted_probability float8 NOT NULL CHECK (predicted_probability BETWEEN 0 AND 1),
  predicted_value float8,
  recommended_at timestamptz NOT NULL DEFAULT now(),
  action_taken text CHECK (action_taken IN ('accepted', 'rejected', 'modified', 'ignored')),
  acted_at timestamptz,
  -- Whether it came true.
  outcome boolean,
  actual_value float8,
  outcome_at timestamptz,
  -- 1 − |predicted − actual| / |actual| of values, else 1 − (probability − outcome)².
  prediction_accuracy float8,
  confidence_weights jsonb,
  note text,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX feedback_log_by_tool ON mart.feedback_log (tenant_id, tool, recommended_at);
CREATE INDEX feedback_log_by_packet ON mart.feedback_log (tenant_id, packet_id);

-- Each recalibration; the active one maps a stated confidence to what it proved to be worth.
CREATE TABLE mart.confidence_weights (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  version int NOT NULL,
  weights jsonb NOT NULL,
  outcomes int NOT NULL,
  brier_before float8,
  brier_after float8,
  report jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL CHECK (status IN ('active', 'retired', 'rejected')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version)
);
CREATE UNIQUE INDEX confidence_weights_active ON mart.confidence_weights (tenant_id) WHERE status = 'active';

CREATE TABLE decision_packets (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- The same issue on another day is the same packet.
  issue_key text NOT NULL,
  issue text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
  market text,
  segment text,
  tool text NOT NULL,
  evidence jsonb NOT NULL,
  action text NOT NULL,
  impact_low float8,
  impact_expected float8,
  impact_high float8,
  confidence float8 NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  owner text,
  owner_id uuid,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'rejected', 'closed', 'expired')),
  status_reason text,
  first_seen date NOT NULL,
  last_seen date NOT NULL,
  times_seen int NOT NULL DEFAULT 1,
  escalated_at timestamptz,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES user_accounts ON DELETE SET NULL (owner_id)
);
CREATE UNIQUE INDEX decision_packets_live ON decision_packets (tenant_id, issue_key) WHERE status IN ('open', 'accepted');
CREATE INDEX decision_packets_by_status ON decision_packets (tenant_id, status, updated_at DESC, id);

CREATE TABLE briefings (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- The day in the tenant's time zone.
  day date NOT NULL,
  author text NOT NULL CHECK (author IN ('planner', 'agent')),
  path text NOT NULL,
  pipeline_path text,
  sha256 text NOT NULL,
  summary jsonb NOT NULL,
  data_through date,
  created_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
-- One a day: its id is made of the day.
CREATE INDEX briefings_by_day ON briefings (tenant_id, day DESC, created_at DESC);

CREATE TABLE alerts (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  packet_id uuid NOT NULL,
  severity text NOT NULL CHECK (severity IN ('HIGH', 'CRITICAL')),
  channel text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sending', 'sent', 'unknown', 'error')),
  detail text,
  raised_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, packet_id, severity, channel),
  FOREIGN KEY (tenant_id, packet_id) REFERENCES decision_packets ON DELETE CASCADE
);

-- What a model or the planner asked, got and wrote, step by step.
CREATE TABLE agent_runs (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('planner', 'agent')),
  purpose text NOT NULL,
  model text,
  status text NOT NULL CHECK (status IN ('running', 'success', 'rejected', 'failed')),
  steps jsonb NOT NULL DEFAULT '[]',
  cost_micros bigint NOT NULL DEFAULT 0,
  message text,
  started_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX agent_runs_by_time ON agent_runs (tenant_id, started_at DESC);

CALL protect_tenant_table('raw.loads');
CALL protect_tenant_table('raw.rejected_rows');
CALL protect_tenant_table('raw.mls_listings');
CALL protect_tenant_table('raw.offer_events');
CALL protect_tenant_table('raw.funnel_activity');
CALL protect_tenant_table('raw.inventory_status');
CALL protect_tenant_table('raw.avm_values');
CALL protect_tenant_table('raw.resales');
CALL protect_tenant_table('raw.macro');
CALL protect_tenant_table('raw.published_metrics');
CALL protect_tenant_table('mart.stale_weeks');
CALL protect_tenant_table('mart.market_metrics');
CALL protect_tenant_table('mart.deal_pl');
CALL protect_tenant_table('mart.feedback_log');
CALL protect_tenant_table('mart.confidence_weights');
CALL protect_tenant_table('decision_packets');
CALL protect_tenant_table('briefings');
CALL protect_tenant_table('alerts');
CALL protect_tenant_table('agent_runs');
