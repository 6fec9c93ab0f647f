-- Alerts of saved searches, mail to a tenant's own users, and runs of scheduled reports.

-- `wanted`: the query as the database's search functions take it.
ALTER TABLE saved_searches ADD COLUMN by_email boolean NOT NULL DEFAULT false, ADD COLUMN wanted jsonb NOT NULL DEFAULT '{}';
CREATE INDEX saved_searches_by_name ON saved_searches (tenant_id, name, id);
CREATE INDEX saved_searches_of_tenant ON saved_searches (tenant_id, alert) WHERE alert <> 'none';

-- What the property was when the search was told of it: another price or score is another version. Null `alerted_at`: it
-- waits for the day's digest.
ALTER TABLE saved_search_hits ADD COLUMN version text NOT NULL DEFAULT '';
ALTER TABLE saved_search_hits ALTER COLUMN alerted_at DROP NOT NULL, ALTER COLUMN alerted_at DROP DEFAULT;
CREATE INDEX saved_search_hits_waiting ON saved_search_hits (tenant_id, search_id) WHERE alerted_at IS NULL;
CREATE INDEX saved_search_hits_by_property ON saved_search_hits (tenant_id, property_id);

ALTER TABLE scheduled_reports
  ADD COLUMN search_id uuid,
  ADD COLUMN weekday int NOT NULL DEFAULT 1 CHECK (weekday BETWEEN 1 AND 7),
  ADD COLUMN month_day int NOT NULL DEFAULT 1 CHECK (month_day BETWEEN 1 AND 31),
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD CONSTRAINT scheduled_reports_search FOREIGN KEY (tenant_id, search_id) REFERENCES saved_searches ON DELETE SET NULL (search_id);
CREATE INDEX scheduled_reports_by_search ON scheduled_reports (tenant_id, search_id) WHERE search_id IS NOT NULL;

-- One run per report and period: the time it was due at, or `now:<uuid>` for one that a person asked for.
CREATE TABLE report_runs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  report_id uuid NOT NULL,
  period text NOT NULL,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'done', 'failed')),
  row_count int,
  is_cut boolean NOT NULL DEFAULT false,
  file_key text,
  recipient_count int,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, report_id, period),
  FOREIGN KEY (tenant_id, report_id) REFERENCES scheduled_reports ON DELETE CASCADE
);
CREATE INDEX report_runs_by_report ON report_runs (tenant_id, report_id, created_at DESC, id DESC);
CREATE INDEX report_runs_queued ON report_runs (created_at) WHERE status = 'queued';

-- Mail to a tenant's own users. Written with what it tells of; one row is posted once.
CREATE TABLE user_mails (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  -- What it tells of, so that each user is told once.
  reference text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  attachment_key text,
  attachment_name text,
  -- `unknown`: the attempt was interrupted and the mail may have left; it is not posted again.
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sending', 'sent', 'failed', 'unknown', 'dropped')),
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  sending_at timestamptz,
  sent_at timestamptz,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, user_id, reference),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_accounts ON DELETE CASCADE
);
CREATE INDEX user_mails_due ON user_mails (next_attempt_at) WHERE status IN ('pending', 'sending');

CALL protect_tenant_table('report_runs');
CALL protect_tenant_table('user_mails');

-- Figures of the dashboard come from this index alone.
CREATE INDEX properties_figures ON properties (tenant_id, status, county_fips, created_at, bird_dog_score);

-- Which of these properties fit a search: the same condition as find_property_ids, asked of a few ids.
GRANT CREATE ON SCHEMA public TO reos_search;
SET ROLE reos_search;
CREATE FUNCTION match_property_ids(wanted jsonb, ids uuid[])
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.current_tenant_id() IS NULL THEN RETURN; END IF;
  RETURN QUERY EXECUTE 'select p.id from public.properties p where p.id = any($3) and ' || public.property_search_condition(wanted)
    USING public.current_tenant_id(), wanted, ids;
END $$;
REVOKE EXECUTE ON FUNCTION match_property_ids(jsonb, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION match_property_ids(jsonb, uuid[]) TO reos_app;
SET ROLE reos_owner;
REVOKE CREATE ON SCHEMA public FROM reos_search;
