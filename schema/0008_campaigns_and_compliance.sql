-- Sealed contacts, consent, campaigns with sequences and variants, replies, templates and branding, erasure.

-- A contact's name and addresses are one sealed document (AES-256-GCM). What is looked up is a keyed hash, what rules
-- need (state, time zone) stands beside it. The plain columns are emptied by the first start after this migration.
ALTER TABLE contacts
  ALTER COLUMN name DROP NOT NULL,
  ADD COLUMN sealed text,
  ADD COLUMN phone_hash text,
  ADD COLUMN postal_hash text,
  ADD COLUMN state text CHECK (state ~ '^[A-Z]{2}$'),
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
  ADD COLUMN source text,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN erased_at timestamptz;
DROP INDEX contacts_by_email;
CREATE UNIQUE INDEX contacts_by_email_hash ON contacts (tenant_id, kind, email_hash) WHERE email_hash IS NOT NULL;
CREATE INDEX contacts_by_phone_hash ON contacts (tenant_id, phone_hash) WHERE phone_hash IS NOT NULL;
CREATE INDEX contacts_by_postal_hash ON contacts (tenant_id, postal_hash) WHERE postal_hash IS NOT NULL;
-- An inbound text names a phone and no tenant.
CREATE INDEX contacts_by_phone ON contacts (phone_hash) WHERE phone_hash IS NOT NULL;

-- Whose property it is, on the seller's side.
CREATE TABLE property_contacts (
  tenant_id uuid NOT NULL,
  property_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  role text NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'agent', 'heir', 'other')),
  source text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, property_id, contact_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts ON DELETE CASCADE
);
CREATE INDEX property_contacts_by_contact ON property_contacts (tenant_id, contact_id);

-- Each record stands; the newest one of an address and channel counts.
CREATE TABLE consents (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'mail')),
  address_hash text NOT NULL,
  contact_id uuid,
  status text NOT NULL CHECK (status IN ('granted', 'revoked')),
  method text NOT NULL,
  evidence text NOT NULL,
  at timestamptz NOT NULL,
  expires_at timestamptz,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts ON DELETE SET NULL (contact_id)
);
CREATE INDEX consents_by_address ON consents (tenant_id, channel, address_hash, at DESC);

-- Do-not-call entries end; the rest never does.
ALTER TABLE suppressions
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN source text NOT NULL DEFAULT 'outreach',
  DROP CONSTRAINT suppressions_reason_check,
  ADD CONSTRAINT suppressions_reason_check CHECK (reason IN ('unsubscribed', 'bounced', 'spam', 'manual', 'do_not_call', 'erased'));

-- Whether a tenant may send by a channel at all: paused by the rates of bounces and complaints or by a person.
CREATE TABLE sending_states (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'mail')),
  is_paused boolean NOT NULL DEFAULT false,
  reason text,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  -- Rates are counted from here: a person who resumes starts a new count.
  counted_from timestamptz NOT NULL DEFAULT now(),
  first_sent_at timestamptz,
  PRIMARY KEY (tenant_id, channel)
);

ALTER TABLE campaigns
  ADD COLUMN audience jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN throttle jsonb,
  ADD COLUMN call_to_action jsonb,
  ADD COLUMN approved_at timestamptz,
  ADD COLUMN approved_by text,
  -- Fingerprint of what was approved: a change of content needs a new approval.
  ADD COLUMN approved_content text,
  ADD COLUMN created_by text NOT NULL DEFAULT 'operator',
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN ended_at timestamptz,
  ADD COLUMN reason text;

ALTER TABLE campaign_steps
  -- Days after the step before was sent.
  ADD COLUMN wait_days float8 NOT NULL DEFAULT 0 CHECK (wait_days >= 0),
  -- A/B: [{"name", "template", "weight"}]; empty: `template` alone.
  ADD COLUMN variants jsonb NOT NULL DEFAULT '[]';

ALTER TABLE outreach_messages
  ADD COLUMN variant text,
  ADD COLUMN reply_token text,
  -- What the message was sent to, kept when the contact changes or is erased.
  ADD COLUMN address_hash text,
  ADD COLUMN recipient_domain text,
  ADD COLUMN machine_open_count int NOT NULL DEFAULT 0,
  ADD COLUMN bounced_at timestamptz,
  ADD COLUMN bounce_class text CHECK (bounce_class IN ('hard', 'soft', 'block')),
  ADD COLUMN soft_bounce_count int NOT NULL DEFAULT 0,
  ADD COLUMN unsubscribed_at timestamptz,
  ADD COLUMN complained_at timestamptz,
  -- A reply, or a click on the call to action.
  ADD COLUMN answered_at timestamptz,
  ADD COLUMN settled_by text,
  ADD COLUMN settled_at timestamptz;
CREATE UNIQUE INDEX outreach_messages_by_reply_token ON outreach_messages (reply_token) WHERE reply_token IS NOT NULL;
CREATE INDEX outreach_messages_by_campaign ON outreach_messages (tenant_id, campaign_id, step, status);
CREATE INDEX outreach_messages_by_campaign_time ON outreach_messages (tenant_id, campaign_id, sending_at) WHERE sending_at IS NOT NULL;
CREATE INDEX outreach_messages_by_address ON outreach_messages (tenant_id, address_hash, sending_at) WHERE address_hash IS NOT NULL;
CREATE INDEX outreach_messages_by_sending ON outreach_messages (tenant_id, sending_at) WHERE sending_at IS NOT NULL;
CREATE INDEX outreach_messages_by_provider_id ON outreach_messages (provider, provider_message_id) WHERE provider_message_id IS NOT NULL;

CREATE TABLE inbound_messages (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'mail')),
  provider text NOT NULL,
  provider_message_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reply', 'auto_reply', 'stop', 'help', 'start')),
  send_id uuid,
  contact_id uuid,
  property_id uuid,
  address_hash text NOT NULL,
  -- Sender, subject and text as one sealed document; null once erased.
  sealed text,
  received_at timestamptz NOT NULL DEFAULT now(),
  read_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, provider, provider_message_id),
  FOREIGN KEY (tenant_id, send_id) REFERENCES outreach_messages ON DELETE SET NULL (send_id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts ON DELETE SET NULL (contact_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE SET NULL (property_id)
);
CREATE INDEX inbound_messages_by_time ON inbound_messages (tenant_id, received_at DESC);
CREATE INDEX inbound_messages_by_property ON inbound_messages (tenant_id, property_id, received_at);

-- A tenant's own templates; what it has none of comes from config/templates. The highest version of a name counts.
CREATE TABLE templates (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('memo', 'email', 'sms', 'letter', 'postcard')),
  name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  version int NOT NULL CHECK (version > 0),
  -- File suffix to text, such as {"mjml": …, "txt": …, "subject.txt": …}.
  parts jsonb NOT NULL,
  sha256 text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, kind, name, version)
);

CREATE TABLE branding (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name text NOT NULL,
  company_name text,
  tagline text,
  accent_color text CHECK (accent_color ~ '^#[0-9a-f]{6}$'),
  logo_key text,
  contact_name text,
  email text,
  phone text,
  website text,
  disclaimer text,
  -- Which memo templates are tried against each other: [{"name", "weight"}]; empty: the usual one.
  memo_variants jsonb NOT NULL DEFAULT '[]',
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name)
);

ALTER TABLE action_packets ADD COLUMN variant text;

-- What was fetched of the addresses that listings named.
ALTER TABLE property_images
  ADD COLUMN position int NOT NULL DEFAULT 0,
  ADD COLUMN status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'stored', 'failed')),
  ADD COLUMN reason text,
  ADD COLUMN storage_key text,
  ADD COLUMN sha256 text,
  ADD COLUMN content_type text,
  ADD COLUMN bytes int,
  ADD COLUMN fetched_at timestamptz;

-- What was erased for whom: hashes and counts, no personal data.
CREATE TABLE erasures (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  contact_id uuid NOT NULL,
  address_hashes text[] NOT NULL,
  counts jsonb NOT NULL,
  requested_by text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

CALL protect_tenant_table('property_contacts');
CALL protect_tenant_table('consents');
CALL protect_tenant_table('sending_states');
CALL protect_tenant_table('inbound_messages');
CALL protect_tenant_table('templates');
CALL protect_tenant_table('branding');
CALL protect_tenant_table('erasures');
