-- What must be computed anew, written by the database itself with every change of a raw row, whoever makes it.
-- Of a tenant that is being deleted nothing is marked.

-- A queue without a key: writers never wait for one another or for the refresh, and a mark that is committed while its week
-- is being computed is there for the next round.
ALTER TABLE mart.stale_weeks DROP CONSTRAINT stale_weeks_pkey;
ALTER TABLE mart.stale_weeks ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE mart.stale_weeks ADD PRIMARY KEY (tenant_id, id);
DROP INDEX mart.stale_weeks_by_age;

CREATE TABLE mart.stale_homes (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id bigint GENERATED ALWAYS AS IDENTITY,
  home_ref text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CALL protect_tenant_table('mart.stale_homes');

-- A week of a market is read over all of its segments.
CREATE INDEX offer_events_by_time ON raw.offer_events (tenant_id, market, offered_at);
DROP INDEX raw.offer_events_by_market;
CREATE INDEX mls_listings_by_close ON raw.mls_listings (tenant_id, market, close_date);
DROP INDEX raw.mls_listings_closed;
CREATE INDEX mls_listings_by_list ON raw.mls_listings (tenant_id, market, list_date);
DROP INDEX raw.mls_listings_listed;

CREATE FUNCTION mart.mark_offers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mart.stale_weeks (tenant_id, market, segment, week)
  SELECT DISTINCT tenant_id, market, segment, date_trunc('week', offered_at AT TIME ZONE 'UTC')::date FROM changed
  WHERE TG_OP <> 'DELETE' OR EXISTS (SELECT FROM public.tenants t WHERE t.id = changed.tenant_id);
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO mart.stale_weeks (tenant_id, market, segment, week)
    SELECT tenant_id, market, segment, date_trunc('week', offered_at AT TIME ZONE 'UTC')::date FROM earlier
    EXCEPT SELECT tenant_id, market, segment, date_trunc('week', offered_at AT TIME ZONE 'UTC')::date FROM changed;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION mart.mark_funnel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mart.stale_weeks (tenant_id, market, segment, week)
  SELECT DISTINCT tenant_id, market, segment, date_trunc('week', week)::date FROM changed
  WHERE TG_OP <> 'DELETE' OR EXISTS (SELECT FROM public.tenants t WHERE t.id = changed.tenant_id);
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO mart.stale_weeks (tenant_id, market, segment, week)
    SELECT tenant_id, market, segment, date_trunc('week', week)::date FROM earlier
    EXCEPT SELECT tenant_id, market, segment, date_trunc('week', week)::date FROM changed;
  END IF;
  RETURN NULL;
END $$;

-- A listing counts in every week from its listing to its close: as inventory, and at both ends. One that is open counts to
-- this week; the refresh goes on from there.
CREATE FUNCTION mart.mark_listings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mart.stale_weeks (tenant_id, market, segment, week)
  SELECT DISTINCT l.tenant_id, l.market, l.segment, w::date
  FROM changed l,
    generate_series(date_trunc('week', coalesce(l.list_date, l.close_date)::timestamp),
      coalesce(l.close_date, greatest(l.list_date, current_date))::timestamp, interval '7 days') w
  WHERE TG_OP <> 'DELETE' OR EXISTS (SELECT FROM public.tenants t WHERE t.id = l.tenant_id);
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO mart.stale_weeks (tenant_id, market, segment, week)
    SELECT DISTINCT l.tenant_id, l.market, l.segment, w::date
    FROM earlier l,
      generate_series(date_trunc('week', coalesce(l.list_date, l.close_date)::timestamp),
        coalesce(l.close_date, greatest(l.list_date, current_date))::timestamp, interval '7 days') w;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION mart.mark_homes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mart.stale_homes (tenant_id, home_ref) SELECT DISTINCT tenant_id, home_ref FROM changed
  WHERE TG_OP <> 'DELETE' OR EXISTS (SELECT FROM public.tenants t WHERE t.id = changed.tenant_id);
  RETURN NULL;
END $$;

CREATE FUNCTION mart.mark_valued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mart.stale_homes (tenant_id, home_ref) SELECT DISTINCT tenant_id, property_ref FROM changed
  WHERE TG_OP <> 'DELETE' OR EXISTS (SELECT FROM public.tenants t WHERE t.id = changed.tenant_id);
  RETURN NULL;
END $$;

CREATE PROCEDURE mart.mark_changes_of(target regclass, marker text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER marks_inserted AFTER INSERT ON %s REFERENCING NEW TABLE AS changed'
    ' FOR EACH STATEMENT EXECUTE FUNCTION mart.%I()', target, marker);
  EXECUTE format('CREATE TRIGGER marks_updated AFTER UPDATE ON %s REFERENCING OLD TABLE AS earlier NEW TABLE AS changed'
    ' FOR EACH STATEMENT EXECUTE FUNCTION mart.%I()', target, marker);
  EXECUTE format('CREATE TRIGGER marks_deleted AFTER DELETE ON %s REFERENCING OLD TABLE AS changed'
    ' FOR EACH STATEMENT EXECUTE FUNCTION mart.%I()', target, marker);
END $$;

CALL mart.mark_changes_of('raw.offer_events', 'mark_offers');
CALL mart.mark_changes_of('raw.funnel_activity', 'mark_funnel');
CALL mart.mark_changes_of('raw.mls_listings', 'mark_listings');
CALL mart.mark_changes_of('raw.inventory_status', 'mark_homes');
CALL mart.mark_changes_of('raw.resales', 'mark_homes');
CALL mart.mark_changes_of('raw.avm_values', 'mark_valued');
DROP PROCEDURE mart.mark_changes_of(regclass, text);
