-- People and their keys, the audit chain, metered usage, repeated requests, outgoing webhooks, and work shared by people.

-- A tenant may read its own row; only the system writes it.
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenants FOR SELECT TO reos_app
  USING (id = NULLIF(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT SELECT ON tenants TO reos_app;
ALTER TABLE tenants ADD COLUMN time_zone text NOT NULL DEFAULT 'America/New_York',
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE TABLE user_accounts (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  email text NOT NULL CHECK (email = lower(email)),
  name text NOT NULL,
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'analyst', 'underwriter', 'ops', 'viewer')),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  -- Access tokens issued before are refused: a new password or a reused refresh token ends them.
  tokens_valid_from timestamptz NOT NULL DEFAULT now(),
  last_login_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email)
);
-- A login names an address and, only when it must, a tenant.
CREATE INDEX user_accounts_by_email ON user_accounts (email);

-- Failed logins by address and by network address. System table.
CREATE TABLE login_attempts (
  key_hash text PRIMARY KEY,
  failures int NOT NULL,
  window_started_at timestamptz NOT NULL,
  blocked_until timestamptz
);
REVOKE ALL ON login_attempts FROM reos_app;

CREATE TABLE invitations (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  email text NOT NULL CHECK (email = lower(email)),
  role text NOT NULL CHECK (role IN ('admin', 'analyst', 'underwriter', 'ops', 'viewer')),
  token_hash text NOT NULL,
  invited_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, invited_by) REFERENCES user_accounts ON DELETE SET NULL (invited_by)
);
CREATE UNIQUE INDEX invitations_open ON invitations (tenant_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;

CREATE TABLE api_keys (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  -- The first characters, so that a person knows which one it is.
  prefix text NOT NULL,
  key_hash text NOT NULL,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  request_count bigint NOT NULL DEFAULT 0,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key_hash),
  FOREIGN KEY (tenant_id, created_by) REFERENCES user_accounts ON DELETE SET NULL (created_by)
);

-- One row per refresh token; those of one login share a family. A token used twice revokes its family.
CREATE TABLE refresh_tokens (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  family uuid NOT NULL,
  token_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, token_hash),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_accounts ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (tenant_id, family);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (tenant_id, user_id);

-- Who did what. Each row's hash covers the one before, so that nothing can be changed or taken out unseen. The hash
-- covers `detail_hash`, a salted hash of the detail: erasing detail and salt leaves the chain verifiable.
CREATE TABLE audit_log (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'api_key', 'system')),
  actor_id text NOT NULL,
  action text NOT NULL,
  resource text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('ok', 'refused', 'failed')),
  request_id text,
  -- Whose data the detail holds: a contact or user id, for erasure.
  subject_id uuid,
  detail jsonb,
  detail_salt text,
  detail_hash text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_log_by_subject ON audit_log (tenant_id, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_log_by_time ON audit_log (tenant_id, at);

-- What a tenant used, per meter and month (first day): properties, sends, api_requests, storage_bytes, …
CREATE TABLE usage_meters (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  meter text NOT NULL,
  period date NOT NULL,
  amount bigint NOT NULL DEFAULT 0 CHECK (amount >= 0),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, meter, period)
);

-- The answer to a write that named an Idempotency-Key, written in the write's own transaction.
CREATE TABLE idempotency_keys (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  principal text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  status int NOT NULL,
  headers jsonb NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, principal, key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (tenant_id, created_at);

CREATE TABLE webhook_endpoints (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  url text NOT NULL,
  description text NOT NULL DEFAULT '',
  -- Empty: every type.
  event_types text[] NOT NULL DEFAULT '{}',
  -- The signing secret, sealed (AES-256-GCM); the one before it signs too for a day after a rotation.
  sealed_secret text NOT NULL,
  sealed_previous_secret text,
  rotated_at timestamptz,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  disabled_reason text,
  failing_since timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, created_by) REFERENCES user_accounts ON DELETE SET NULL (created_by)
);
CREATE TABLE webhook_deliveries (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  endpoint_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  -- Order per property, as in the event log.
  property_id uuid,
  position bigint NOT NULL,
  payload jsonb NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  last_status_code int,
  last_error text,
  last_duration_ms int,
  delivered_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, endpoint_id, event_id),
  FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (tenant_id, endpoint_id, created_at DESC);

-- How far a reader of the event log has come, by its name. System table.
CREATE TABLE event_cursors (
  reader text PRIMARY KEY,
  xid xid8 NOT NULL,
  position bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON event_cursors FROM reos_app;

CREATE TABLE comments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  property_id uuid NOT NULL,
  parent_id uuid,
  kind text NOT NULL DEFAULT 'comment' CHECK (kind IN ('comment', 'note')),
  author_id uuid,
  author_name text NOT NULL,
  body text NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
  created_at timestamptz NOT NULL DEFAULT now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, parent_id) REFERENCES comments ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, author_id) REFERENCES user_accounts ON DELETE SET NULL (author_id)
);
CREATE INDEX comments_by_property ON comments (tenant_id, property_id, created_at, id);
CREATE TABLE mentions (
  tenant_id uuid NOT NULL,
  comment_id uuid NOT NULL,
  user_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, comment_id, user_id),
  FOREIGN KEY (tenant_id, comment_id) REFERENCES comments ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_accounts ON DELETE CASCADE
);
CREATE INDEX mentions_by_user ON mentions (tenant_id, user_id);

CREATE TABLE tags (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  color text CHECK (color ~ '^#[0-9a-f]{6}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX tags_by_name ON tags (tenant_id, lower(name));
CREATE TABLE property_tags (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  tag_id uuid NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, property_id, tag_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, tag_id) REFERENCES tags ON DELETE CASCADE
);
CREATE INDEX property_tags_by_tag ON property_tags (tenant_id, tag_id, property_id);

CREATE TABLE assignments (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  user_id uuid NOT NULL,
  note text,
  due_at timestamptz,
  assigned_by text NOT NULL,
  assigned_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  PRIMARY KEY (tenant_id, property_id, user_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_accounts ON DELETE CASCADE
);
CREATE INDEX assignments_by_user ON assignments (tenant_id, user_id, completed_at, due_at);

CREATE TABLE saved_searches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  name text NOT NULL,
  -- The query of /api/v1/properties/search.
  query jsonb NOT NULL,
  is_shared boolean NOT NULL DEFAULT false,
  alert text NOT NULL DEFAULT 'none' CHECK (alert IN ('none', 'instant', 'daily')),
  -- Properties that became a match after this are told of once.
  alerted_until timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, user_id, name),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_accounts ON DELETE CASCADE
);
CREATE INDEX saved_searches_alerting ON saved_searches (alert, alerted_until) WHERE alert <> 'none';
-- Which properties a search has been told of.
CREATE TABLE saved_search_hits (
  tenant_id uuid NOT NULL,
  search_id uuid NOT NULL,
  property_id uuid NOT NULL,
  alerted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, search_id, property_id),
  FOREIGN KEY (tenant_id, search_id) REFERENCES saved_searches ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);

CREATE TABLE notifications (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  body text NOT NULL DEFAULT '',
  property_id uuid,
  -- What it tells of, so that the same thing is told once: `comment:<id>`, `search:<id>:<property>`, …
  reference text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  read_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, user_id, reference),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_accounts ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE
);
CREATE INDEX notifications_by_user ON notifications (tenant_id, user_id, created_at DESC, id);

-- A report that is mailed on its own schedule: the rows of a search or a page of figures.
CREATE TABLE scheduled_reports (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('properties', 'pipeline', 'costs', 'campaigns')),
  query jsonb NOT NULL DEFAULT '{}',
  frequency text NOT NULL CHECK (frequency IN ('daily', 'weekly', 'monthly')),
  hour int NOT NULL DEFAULT 7 CHECK (hour BETWEEN 0 AND 23),
  time_zone text NOT NULL,
  recipients uuid[] NOT NULL CHECK (cardinality(recipients) BETWEEN 1 AND 50),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
  next_run_at timestamptz NOT NULL,
  last_run_at timestamptz,
  last_error text,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id, created_by) REFERENCES user_accounts ON DELETE SET NULL (created_by)
);
CREATE INDEX scheduled_reports_due ON scheduled_reports (next_run_at) WHERE status = 'active';

CALL protect_tenant_table('user_accounts');
CALL protect_tenant_table('invitations');
CALL protect_tenant_table('api_keys');
CALL protect_tenant_table('refresh_tokens');
CALL protect_tenant_table('audit_log');
CALL protect_tenant_table('usage_meters');
CALL protect_tenant_table('idempotency_keys');
CALL protect_tenant_table('webhook_endpoints');
CALL protect_tenant_table('webhook_deliveries');
CALL protect_tenant_table('comments');
CALL protect_tenant_table('mentions');
CALL protect_tenant_table('tags');
CALL protect_tenant_table('property_tags');
CALL protect_tenant_table('assignments');
CALL protect_tenant_table('saved_searches');
CALL protect_tenant_table('saved_search_hits');
CALL protect_tenant_table('notifications');
CALL protect_tenant_table('scheduled_reports');

-- Rows of the audit chain are added and never changed, but to erase a detail; they go with their tenant alone.
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF pg_trigger_depth() > 1 THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'rows of audit_log are never deleted' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.detail IS NULL AND NEW.detail_salt IS NULL THEN
    OLD.detail := NULL;
    OLD.detail_salt := NULL;
  END IF;
  IF NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'rows of audit_log are never changed; only detail and its salt can be erased'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION keep_audit_log();
