-- Whom the briefing and the alerts of a tenant reach, besides the archive.

CREATE TABLE briefing_channels (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  channel text NOT NULL CHECK (channel IN ('slack', 'email')),
  is_enabled boolean NOT NULL DEFAULT true,
  -- Slack: the incoming webhook. It is a secret: whoever has it can write there.
  address_sealed text,
  -- E-mail: users who get it. Null: every active admin and analyst.
  recipients uuid[],
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, channel)
);

-- One row per briefing and channel, written before anything is sent.
CREATE TABLE briefing_deliveries (
  tenant_id uuid NOT NULL,
  briefing_id uuid NOT NULL,
  channel text NOT NULL,
  status text NOT NULL DEFAULT 'sending' CHECK (status IN ('sending', 'sent', 'unknown', 'error')),
  detail text,
  started_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  PRIMARY KEY (tenant_id, briefing_id, channel),
  FOREIGN KEY (tenant_id, briefing_id) REFERENCES briefings ON DELETE CASCADE
);

-- What the tool stated, before any calibration.
ALTER TABLE decision_packets ADD COLUMN stated_confidence float8 CHECK (stated_confidence BETWEEN 0 AND 1);

CALL protect_tenant_table('briefing_channels');
CALL protect_tenant_table('briefing_deliveries');
