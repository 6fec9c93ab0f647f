-- Queues of a person's work: what is assigned to them, what needs a person, what they have not looked at yet.

-- Which properties a user has opened.
CREATE TABLE property_views (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  property_id uuid NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id, property_id),
  FOREIGN KEY (tenant_id, property_id) REFERENCES properties ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES user_accounts ON DELETE CASCADE
);
CREATE INDEX property_views_by_property ON property_views (tenant_id, property_id);
CALL protect_tenant_table('property_views');

-- Few of many need a person: the best of them come from here.
CREATE INDEX properties_to_review ON properties (tenant_id, coalesce(bird_dog_score, -1) DESC, id DESC) WHERE needs_review;

GRANT SELECT ON assignments, property_views TO reos_search;

-- What a search can be narrowed by: these are added to the conditions that are there.
DO $do$
DECLARE
  before constant text := pg_get_functiondef('property_search_condition(jsonb)'::regprocedure);
  place constant text := '"tags": "p.id in';
  added constant text := $json$"needs_review": "p.needs_review",
    "assigned_to": "p.id in (select a.property_id from public.assignments a where a.tenant_id = $1 and a.user_id = ($2->>''assigned_to'')::uuid and a.completed_at is null)",
    "unseen_by": "not exists (select from public.property_views v where v.tenant_id = $1 and v.user_id = ($2->>''unseen_by'')::uuid and v.property_id = p.id)",
    $json$;
BEGIN
  IF position(place IN before) = 0 THEN
    RAISE EXCEPTION 'property_search_condition is not as this migration knows it';
  END IF;
  EXECUTE replace(before, place, added || place);
END $do$;
