-- How far each source that is pulled (another database, an MLS) has been read: moved in the transaction that keeps its rows.
CREATE TABLE raw.pulls (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  source text NOT NULL,
  -- As the source writes it: a time, a number, a key.
  cursor text,
  pulled_at timestamptz,
  -- When everything the source still has was held against what is kept.
  reconciled_at timestamptz,
  PRIMARY KEY (tenant_id, source)
);
CALL protect_tenant_table('raw.pulls');
CREATE INDEX mls_listings_by_load ON raw.mls_listings (tenant_id, load_id);
