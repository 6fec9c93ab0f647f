-- Weights of the score that a tenant has set for itself. A row is never changed: the newest counts, and going back to
-- former weights adds them again. What scores were made with is in scoring_weights, whole, under its version.
CREATE TABLE own_weights (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  number integer NOT NULL CHECK (number > 0),
  -- Shares of the features by profile, {"asking": {"flip_roi": 0.2}, "off_market": {}}; null: as configured.
  shares jsonb,
  -- What was changed, by feature; null where former weights came back.
  changes jsonb,
  -- The number of the weights that came back, 0 for those of the configuration; null for a change.
  restored integer,
  note text CHECK (char_length(note) <= 500),
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, number)
);
CALL protect_tenant_table('own_weights');
