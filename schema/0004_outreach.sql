-- Contacts, campaigns, sends and what came back.

CREATE TABLE contacts (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('investor', 'partner', 'owner')),
  name text NOT NULL,
  email text,
  email_hash text,
  phone text,
  postal_address jsonb,
  time_zone text NOT NULL DEFAULT 'America/New_York',
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX contacts_by_email ON contacts (tenant_id, kind, lower(email)) WHERE email IS NOT NULL;

CREATE TABLE buy_boxes (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  contact_id uuid,
  name text NOT NULL,
  county_fips text[],
  property_types text[],
  zip_codes text[],
  min_price_cents bigint,
  max_price_cents bigint,
  min_score float8,
  min_bedrooms float8,
  min_sqft float8,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenants ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts ON DELETE CASCADE
);

-- Keyed hashes outlive the address they came from: an erased person stays unsubscribed.
CREATE TABLE suppressions (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'mail')),
  address_hash text NOT NULL,
  reason text NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'spam', 'manual')),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, channel, address_hash)
);
CREATE TABLE global_suppressions (
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'mail')),
  address_hash text NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (channel, address_hash)
);
-- Reading the hashes is how the gate works for every tenant; only the system writes them.
REVOKE ALL ON global_suppressions FROM reos_app;
GRANT SELECT ON global_suppressions TO reos_app;

CREATE TABLE campaigns (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  kind text NOT NULL DEFAULT 'investor' CHECK (kind IN ('investor', 'owner')),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('draft', 'active', 'paused', 'ended')),
  min_score float8 NOT NULL DEFAULT 60,
  needs_approval boolean NOT NULL DEFAULT true,
  send_window jsonb,
  max_per_run int NOT NULL DEFAULT 100,
  weekly_cap_per_recipient int NOT NULL DEFAULT 10,
  dedupe_days int NOT NULL DEFAULT 30,
  wait_days float8 NOT NULL DEFAULT 14,
  sender jsonb NOT NULL,
  postal_address text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
CREATE TABLE campaign_steps (
  tenant_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  step int NOT NULL,
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'mail')),
  template text NOT NULL,
  PRIMARY KEY (tenant_id, campaign_id, step),
  FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE
);

CREATE TABLE outreach_messages (
  tenant_id uuid NOT NULL,
  send_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'mail')),
  contact_id uuid NOT NULL,
  property_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  step int NOT NULL,
  packet_id uuid,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN (
    'pending', 'sending', 'sent', 'delivered', 'opened', 'clicked', 'unknown', 'error', 'bounced', 'spam', 'unsubscribed')),
  provider text,
  provider_message_id text,
  unsubscribe_token text NOT NULL,
  open_count int NOT NULL DEFAULT 0,
  click_count int NOT NULL DEFAULT 0,
  cost_micros bigint NOT NULL DEFAULT 0,
  error text,
  held_reason text,
  held_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  sending_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  opened_at timestamptz,
  clicked_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, send_id),
  UNIQUE (tenant_id, contact_id, property_id, campaign_id, step),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts,
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties,
  FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns
);
CREATE UNIQUE INDEX outreach_messages_by_token ON outreach_messages (unsubscribe_token);
CREATE INDEX outreach_messages_by_property ON outreach_messages (tenant_id, property_id);
CREATE INDEX outreach_messages_by_contact ON outreach_messages (tenant_id, contact_id, created_at);
CREATE INDEX outreach_messages_by_status ON outreach_messages (tenant_id, status, updated_at);

CREATE TABLE outreach_events (
  tenant_id uuid NOT NULL,
  provider text NOT NULL,
  provider_event_id text NOT NULL,
  send_id uuid NOT NULL,
  type text NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, provider, provider_event_id),
  FOREIGN KEY (tenant_id, send_id) REFERENCES outreach_messages ON DELETE CASCADE
);
CREATE INDEX outreach_events_by_send ON outreach_events (tenant_id, send_id, at);

CREATE VIEW email_queue WITH (security_invoker = true) AS
  SELECT tenant_id, send_id, contact_id, property_id, campaign_id, step, status, held_reason, held_until, created_at
  FROM outreach_messages WHERE channel = 'email' AND status IN ('pending', 'sending', 'unknown');
CREATE VIEW email_campaigns WITH (security_invoker = true) AS
  SELECT c.tenant_id, c.id, c.name, c.status,
    count(m.send_id) FILTER (WHERE m.sent_at IS NOT NULL) AS sent,
    count(m.send_id) FILTER (WHERE m.open_count > 0) AS opened,
    count(m.send_id) FILTER (WHERE m.click_count > 0) AS clicked,
    count(m.send_id) FILTER (WHERE m.status = 'bounced') AS bounced
  FROM campaigns c LEFT JOIN outreach_messages m
    ON m.tenant_id = c.tenant_id AND m.campaign_id = c.id AND m.channel = 'email'
  GROUP BY c.tenant_id, c.id, c.name, c.status;

CALL protect_tenant_table('contacts');
CALL protect_tenant_table('buy_boxes');
CALL protect_tenant_table('suppressions');
CALL protect_tenant_table('campaigns');
CALL protect_tenant_table('campaign_steps');
CALL protect_tenant_table('outreach_messages');
CALL protect_tenant_table('outreach_events');
