-- What answers about a tenant's market were computed from: every statement that changes a table of feeds or marts leaves a
-- row with a number of its own, in the same transaction. Two readers who see the same numbers see the same data, whatever
-- was committed in which order; whoever keeps an answer keeps the numbers with it. Rows have no key that two writers could
-- wait for. Of a tenant that is being deleted nothing is written.
CREATE TABLE mart.changes (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id bigint GENERATED ALWAYS AS IDENTITY,
  -- The changed table, such as mart.deal_pl.
  source text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CALL protect_tenant_table('mart.changes');

CREATE FUNCTION mart.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mart.changes (tenant_id, source)
  SELECT DISTINCT tenant_id, TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME FROM changed
  WHERE TG_OP <> 'DELETE' OR EXISTS (SELECT FROM public.tenants t WHERE t.id = changed.tenant_id);
  RETURN NULL;
END $$;

CREATE PROCEDURE mart.note_changes_of(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER notes_inserted AFTER INSERT ON %s REFERENCING NEW TABLE AS changed'
    ' FOR EACH STATEMENT EXECUTE FUNCTION mart.note_change()', target);
  EXECUTE format('CREATE TRIGGER notes_updated AFTER UPDATE ON %s REFERENCING NEW TABLE AS changed'
    ' FOR EACH STATEMENT EXECUTE FUNCTION mart.note_change()', target);
  EXECUTE format('CREATE TRIGGER notes_deleted AFTER DELETE ON %s REFERENCING OLD TABLE AS changed'
    ' FOR EACH STATEMENT EXECUTE FUNCTION mart.note_change()', target);
END $$;

CALL mart.note_changes_of('mart.market_metrics');
CALL mart.note_changes_of('mart.deal_pl');
CALL mart.note_changes_of('raw.mls_listings');
CALL mart.note_changes_of('raw.offer_events');
CALL mart.note_changes_of('raw.funnel_activity');
CALL mart.note_changes_of('raw.inventory_status');
CALL mart.note_changes_of('raw.avm_values');
CALL mart.note_changes_of('raw.resales');
CALL mart.note_changes_of('raw.macro');
DROP PROCEDURE mart.note_changes_of(regclass);
