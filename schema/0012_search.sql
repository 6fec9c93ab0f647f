-- Lists in a stable order, and search. Under row-level security only leakproof comparisons use an index, so text and places
-- are found by functions that run as reos_search. They read the tenant themselves, and give ids alone, which are then joined
-- to the table under its policy.

-- Each order of a list ends in the id. A property without a score comes last.
CREATE INDEX properties_score_order ON properties (tenant_id, (coalesce(bird_dog_score, -1)), id);
CREATE INDEX properties_update_order ON properties (tenant_id, updated_at, id);
DROP INDEX properties_by_update;
CREATE INDEX properties_price_order ON properties (tenant_id, list_price_cents, id);
CREATE INDEX properties_by_city ON properties (tenant_id, city);
CREATE INDEX properties_by_zip_code ON properties (tenant_id, zip_code);
CREATE INDEX properties_by_size ON properties (tenant_id, sqft);
CREATE INDEX prospect_queue_by_time ON prospect_queue (tenant_id, created_at, id);

-- The words of a property. The tenant is one of them, so that a word which others use often costs this tenant nothing.
CREATE FUNCTION property_words(
  tenant_id uuid, address text, city text, state text, zip_code text, apn text, owner_name text, public_remarks text
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_to_tsvector(ARRAY[tenant_id::text])
    || to_tsvector('english'::regconfig, coalesce(address, '') || ' ' || coalesce(city, '') || ' ' || coalesce(state, '') || ' '
      || coalesce(zip_code, '') || ' ' || coalesce(apn, '') || ' ' || coalesce(owner_name, '') || ' ' || coalesce(public_remarks, ''));
CREATE INDEX properties_by_words ON properties
  USING gin (property_words(tenant_id, address, city, state, zip_code, apn, owner_name, public_remarks));

-- The condition of a search over `properties p`: $1 is the tenant, $2 the wanted things by name. Fixed words alone: every
-- value stays in $2.
CREATE FUNCTION property_search_condition(wanted jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  condition text := 'p.tenant_id = $1';
  known constant jsonb := '{
    "q": "public.property_words(p.tenant_id, p.address, p.city, p.state, p.zip_code, p.apn, p.owner_name, p.public_remarks) @@ (quote_literal($1::text)::tsquery && websearch_to_tsquery(''english'', $2->>''q''))",
    "county_fips": "p.county_fips = $2->>''county_fips''",
    "status": "p.status = $2->>''status''",
    "property_type": "p.property_type = $2->>''property_type''",
    "city": "p.city in ($2->''city''->>0, $2->''city''->>1, $2->''city''->>2)",
    "state": "p.state = $2->>''state''",
    "zip_code": "p.zip_code = $2->>''zip_code''",
    "min_price": "p.list_price_cents >= ($2->>''min_price'')::bigint",
    "max_price": "p.list_price_cents <= ($2->>''max_price'')::bigint",
    "min_sqft": "p.sqft >= ($2->>''min_sqft'')::float8",
    "max_sqft": "p.sqft <= ($2->>''max_sqft'')::float8",
    "min_score": "coalesce(p.bird_dog_score, -1) >= ($2->>''min_score'')::float8",
    "max_score": "p.bird_dog_score <= ($2->>''max_score'')::float8",
    "min_bedrooms": "p.bedrooms >= ($2->>''min_bedrooms'')::float8",
    "max_bedrooms": "p.bedrooms <= ($2->>''max_bedrooms'')::float8",
    "min_year": "p.year_built >= ($2->>''min_year'')::int",
    "max_year": "p.year_built <= ($2->>''max_year'')::int",
    "box": "p.latitude is not null and p.longitude is not null and point(p.longitude, p.latitude) <@ ($2->>''box'')::box",
    "polygon": "p.latitude is not null and p.longitude is not null and point(p.longitude, p.latitude) <@ ($2->>''polygon'')::polygon",
    "circle": "2 * 6371008.8 * asin(least(1, sqrt(sind((p.latitude - ($2->''circle''->>0)::float8) / 2) ^ 2 + cosd(p.latitude) * cosd(($2->''circle''->>0)::float8) * sind((p.longitude - ($2->''circle''->>1)::float8) / 2) ^ 2))) <= ($2->''circle''->>2)::float8"
  }';
  name text;
BEGIN
  FOR name IN SELECT jsonb_object_keys(wanted) LOOP
    IF known->>name IS NULL THEN RAISE EXCEPTION 'a property cannot be searched by %', name; END IF;
    condition := condition || ' and ' || (known->>name);
  END LOOP;
  RETURN condition;
END $$;

-- Functions that pass row-level security belong to reos_search, which can read properties and nothing else.
GRANT SELECT ON properties TO reos_search;
GRANT EXECUTE ON FUNCTION property_search_condition(jsonb) TO reos_search;

-- To own a function a role must be allowed to make things in its schema, for this moment.
GRANT CREATE ON SCHEMA public TO reos_search;
DO $$
BEGIN
  IF NOT has_schema_privilege('reos_search', 'public', 'CREATE') THEN
    RAISE EXCEPTION 'reos_owner may not let reos_search own its functions. Have an administrator run: GRANT CREATE ON SCHEMA public TO reos_owner WITH GRANT OPTION; and migrate again.';
  END IF;
END $$;
SET ROLE reos_search;

-- Ids of the set tenant's properties that fit, in the order asked for, those after the place that a page ended at.
CREATE FUNCTION find_property_ids(wanted jsonb, sort text, after_value text, after_id uuid, most int)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  tenant uuid := public.current_tenant_id();
  statement text := 'select p.id from public.properties p where ' || public.property_search_condition(wanted);
  key text;
  kind text := 'float8';
  direction text := 'desc';
BEGIN
  IF tenant IS NULL THEN RETURN; END IF;
  CASE sort
    WHEN 'none' THEN key := NULL;
    WHEN '-bird_dog_score' THEN key := 'coalesce(p.bird_dog_score, -1)';
    WHEN '-updated_at' THEN key := 'p.updated_at'; kind := 'timestamptz';
    WHEN '-list_price' THEN key := 'p.list_price_cents'; kind := 'bigint';
    WHEN 'list_price' THEN key := 'p.list_price_cents'; kind := 'bigint'; direction := 'asc';
    ELSE RAISE EXCEPTION 'properties cannot be sorted by %', sort;
  END CASE;
  IF key = 'p.list_price_cents' THEN statement := statement || ' and p.list_price_cents is not null'; END IF;
  IF key IS NOT NULL AND after_id IS NOT NULL THEN
    statement := statement || format(' and (%s, p.id) %s ($3::%s, $4)', key, CASE direction WHEN 'asc' THEN '>' ELSE '<' END, kind);
  END IF;
  IF key IS NOT NULL THEN statement := statement || format(' order by %s %s, p.id %s', key, direction, direction); END IF;
  RETURN QUERY EXECUTE statement || ' limit $5' USING tenant, wanted, after_value, after_id, most;
END $$;

-- How many of the set tenant's properties fit, as the planner reckons it without counting. Volatile, since no other
-- function may ask for a plan.
CREATE FUNCTION estimate_property_count(wanted jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  plan json;
BEGIN
  IF public.current_tenant_id() IS NULL THEN RETURN 0; END IF;
  EXECUTE 'explain (format json) select from public.properties p where ' || public.property_search_condition(wanted)
    INTO plan USING public.current_tenant_id(), wanted;
  RETURN (plan->0->'Plan'->>'Plan Rows')::numeric::bigint;
END $$;

REVOKE EXECUTE ON FUNCTION find_property_ids(jsonb, text, text, uuid, int), estimate_property_count(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_property_ids(jsonb, text, text, uuid, int), estimate_property_count(jsonb) TO reos_app;

SET ROLE reos_owner;
REVOKE CREATE ON SCHEMA public FROM reos_search;
