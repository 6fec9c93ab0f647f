-- The event log by months, so that old ones go at once, and what deliveries of webhooks need besides.

ALTER TABLE event_log RENAME TO event_log_whole;
ALTER TABLE event_log_whole RENAME CONSTRAINT event_log_pkey TO event_log_whole_pkey;
ALTER TABLE event_log_whole RENAME CONSTRAINT event_log_subject_check TO event_log_whole_subject_check;
ALTER TABLE event_log_whole RENAME CONSTRAINT event_log_tenant_id_fkey TO event_log_whole_tenant_id_fkey;

-- A key of a partitioned table holds the column it is divided by. The position alone is unique all the same: it comes
-- from one sequence and cannot be given; event_id is random and never given either.
CREATE TABLE event_log (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  position bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  event_id uuid NOT NULL DEFAULT gen_random_uuid(),
  event_type text NOT NULL,
  subject text NOT NULL CHECK (subject IN (
    'event.discovery.intake', 'event.enrichment.features', 'event.scoring.calculated',
    'event.docgen.generated', 'event.outreach.sent', 'event.timeline.updated')),
  "timestamp" timestamptz NOT NULL DEFAULT now(),
  correlation_id text NOT NULL,
  property_id uuid,
  payload jsonb NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, position, "timestamp")
) PARTITION BY RANGE ("timestamp");
-- What no month is made for: nothing is refused when upkeep was late.
CREATE TABLE event_log_default PARTITION OF event_log DEFAULT;

-- Closes a partition: it is reached through event_log alone, and even so by its own tenant alone.
CREATE PROCEDURE close_event_partition(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('REVOKE ALL ON %s FROM reos_app, reos_system', target);
  CALL protect_tenant_table(target);
END $$;
REVOKE ALL ON PROCEDURE close_event_partition(regclass) FROM PUBLIC;

-- Makes the month's partition, and moves there what the default one took in its place. False when it was there.
-- Writers go on meanwhile: attaching locks the new table and the default one, not event_log.
CREATE FUNCTION add_event_partition(month timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  starts timestamptz := date_trunc('month', month, 'UTC');
  ends timestamptz := date_trunc('month', date_trunc('month', month, 'UTC') + interval '40 days', 'UTC');
  name text := 'event_log_' || to_char(starts AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  IF to_regclass('public.' || name) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE public.%I (LIKE public.event_log INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
  -- The owner is bound by the policies too, and here it works for every tenant.
  ALTER TABLE public.event_log_default NO FORCE ROW LEVEL SECURITY;
  EXECUTE format(
    'WITH moved AS (DELETE FROM public.event_log_default WHERE "timestamp" >= %L AND "timestamp" < %L RETURNING *)'
    ' INSERT INTO public.%I SELECT * FROM moved', starts, ends, name);
  ALTER TABLE public.event_log_default FORCE ROW LEVEL SECURITY;
  EXECUTE format('ALTER TABLE public.event_log ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', name, starts, ends);
  CALL public.close_event_partition(format('public.%I', name)::regclass);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION add_event_partition(timestamptz) FROM PUBLIC;

-- Upkeep: the month that runs and the next ones have partitions. Returns the last month that has one.
CREATE FUNCTION extend_event_log(months_ahead int) RETURNS date LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  this_month timestamptz := date_trunc('month', now(), 'UTC');
  month timestamptz;
BEGIN
  IF months_ahead NOT BETWEEN 1 AND 24 THEN
    RAISE EXCEPTION 'the event log is extended by 1 to 24 months, not by %', months_ahead;
  END IF;
  -- Of two at once the second finds nothing left to do.
  PERFORM pg_advisory_xact_lock(727364002);
  FOR step IN 0..months_ahead LOOP
    -- By whole months of UTC, whatever the session's time zone.
    month := (this_month AT TIME ZONE 'UTC' + make_interval(months => step)) AT TIME ZONE 'UTC';
    PERFORM public.add_event_partition(month);
  END LOOP;
  RETURN (month AT TIME ZONE 'UTC')::date;
END $$;

-- Retention: drops the months that ended before the time, and returns their names. What is left of them in the default
-- partition is deleted row by row.
CREATE FUNCTION drop_events_before(before timestamptz) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  name text;
  dropped text[] := '{}';
BEGIN
  IF before > now() - interval '31 days' THEN
    RAISE EXCEPTION 'events are kept for 31 days at least';
  END IF;
  PERFORM pg_advisory_xact_lock(727364002);
  FOR name IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.event_log'::regclass AND c.relname ~ '^event_log_\d{4}_\d\d$'
      AND (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= before
    ORDER BY 1
  LOOP
    EXECUTE format('ALTER TABLE public.event_log DETACH PARTITION public.%I', name);
    EXECUTE format('DROP TABLE public.%I', name);
    dropped := dropped || name;
  END LOOP;
  ALTER TABLE public.event_log_default NO FORCE ROW LEVEL SECURITY;
  DELETE FROM public.event_log_default WHERE "timestamp" < before;
  ALTER TABLE public.event_log_default FORCE ROW LEVEL SECURITY;
  RETURN dropped;
END $$;

REVOKE ALL ON FUNCTION extend_event_log(int), drop_events_before(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION extend_event_log(int), drop_events_before(timestamptz) TO reos_system;

-- What is there moves into its months, at most five years back; anything older goes to the default partition.
ALTER TABLE event_log_whole NO FORCE ROW LEVEL SECURITY;
CALL close_event_partition('event_log_default');
DO $$
DECLARE
  month timestamptz;
BEGIN
  FOR month IN
    SELECT (m AT TIME ZONE 'UTC') FROM generate_series(
      (SELECT date_trunc('month', greatest(least(min("timestamp"), now()), now() - interval '5 years') AT TIME ZONE 'UTC')
       FROM event_log_whole),
      date_trunc('month', now() AT TIME ZONE 'UTC'), interval '1 month') m
  LOOP
    PERFORM add_event_partition(month);
  END LOOP;
  PERFORM extend_event_log(3);
END $$;
INSERT INTO event_log (tenant_id, position, xid, event_id, event_type, subject, "timestamp", correlation_id, property_id,
    payload, metadata)
  OVERRIDING SYSTEM VALUE
  SELECT tenant_id, position, xid, event_id, event_type, subject, "timestamp", correlation_id, property_id, payload, metadata
  FROM event_log_whole ORDER BY position;
-- Positions go on behind those that were given, also behind those of transactions that were rolled back.
SELECT setval(pg_get_serial_sequence('event_log', 'position'), greatest(s.last_value, 1), s.is_called)
  FROM event_log_position_seq s;
DROP TABLE event_log_whole;
ALTER SEQUENCE event_log_position_seq1 RENAME TO event_log_position_seq;

CREATE INDEX event_log_by_property ON event_log (tenant_id, property_id, position);
CREATE INDEX event_log_by_cursor ON event_log (xid, position);
CREATE INDEX event_log_by_tenant ON event_log (tenant_id, xid, position);
CALL protect_tenant_table('event_log');

ALTER TABLE webhook_endpoints
  ADD COLUMN last_success_at timestamptz,
  ADD COLUMN last_failure_at timestamptz,
  -- The receiver asked to be left alone until then.
  ADD COLUMN retry_at timestamptz;
-- The order in which deliveries were made: the event log's own.
ALTER TABLE webhook_deliveries ADD COLUMN sequence bigint GENERATED ALWAYS AS IDENTITY;
DROP INDEX webhook_deliveries_due;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (tenant_id, endpoint_id, next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_in_line ON webhook_deliveries (tenant_id, endpoint_id, property_id, sequence)
  WHERE status = 'pending';
DROP INDEX webhook_deliveries_by_time;
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (tenant_id, endpoint_id, created_at DESC, id DESC);

-- Webhooks begin with what is written from now on.
INSERT INTO event_cursors (reader, xid, position) VALUES ('webhooks', pg_snapshot_xmin(pg_current_snapshot()), 0);
