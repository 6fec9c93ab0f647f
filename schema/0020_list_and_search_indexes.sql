-- Indexes for every filter and order of the lists, and counts of a search in one pass over what fits.

-- A place with its best scores first: the page of a city is read from the index, however many others it has.
DROP INDEX properties_by_city;
CREATE INDEX properties_by_city ON properties (tenant_id, city, (coalesce(bird_dog_score, -1)), id);
DROP INDEX properties_by_zip_code;
CREATE INDEX properties_by_zip_code ON properties (tenant_id, zip_code, (coalesce(bird_dog_score, -1)), id);
DROP INDEX properties_by_county;
CREATE INDEX properties_by_county ON properties (tenant_id, county_fips, status, (coalesce(bird_dog_score, -1)), id);
CREATE INDEX properties_by_type ON properties (tenant_id, property_type, (coalesce(bird_dog_score, -1)), id);
-- The same order but for NULLs; each index costs every change of a row.
DROP INDEX properties_by_score;

-- Operational lists, newest first.
CREATE INDEX enrichment_jobs_by_time ON enrichment_jobs (tenant_id, started_at, id);
CREATE INDEX enrichment_jobs_by_property ON enrichment_jobs (tenant_id, property_id, started_at);
CREATE INDEX property_scores_by_time ON property_scores (tenant_id, scored_at) INCLUDE (bird_dog_score, investment_score, risk_score);
CREATE INDEX pipeline_runs_by_time ON pipeline_runs (tenant_id, execution_date, dag_run_id);
CREATE INDEX pipeline_runs_by_run ON pipeline_runs (tenant_id, dag_run_id);
CREATE INDEX cost_ledger_by_time ON cost_ledger (tenant_id, at);
CREATE INDEX property_enrichment_by_time ON property_enrichment (tenant_id, fetched_at);
CREATE INDEX action_packets_by_time ON action_packets (tenant_id, created_at);
CREATE INDEX data_quality_metrics_newest
  ON data_quality_metrics (tenant_id, metric_type, metric_name, entity_type, entity_id, measured_at DESC);

-- To make the words of a row takes longer than to read it: the planner must know, or it makes those of every row in the table.
-- A function in SQL would be inlined, and its cost forgotten.
CREATE OR REPLACE FUNCTION property_words(
  tenant_id uuid, address text, city text, state text, zip_code text, apn text, owner_name text, public_remarks text
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
BEGIN
  RETURN array_to_tsvector(ARRAY[tenant_id::text])
    || to_tsvector('english'::regconfig, coalesce(address, '') || ' ' || coalesce(city, '') || ' ' || coalesce(state, '') || ' '
      || coalesce(zip_code, '') || ' ' || coalesce(apn, '') || ' ' || coalesce(owner_name, '') || ' ' || coalesce(public_remarks, ''));
END $$;

-- The condition of a search; `tags` are ids, of which a property has at least one.
CREATE OR REPLACE FUNCTION property_search_condition(wanted jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  condition text := 'p.tenant_id = $1';
  known constant jsonb := '{
    "q": "public.property_words(p.tenant_id, p.address, p.city, p.state, p.zip_code, p.apn, p.owner_name, p.public_remarks) @@ (quote_literal($1::text)::tsquery && websearch_to_tsquery(''english'', $2->>''q''))",
    "county_fips": "p.county_fips = $2->>''county_fips''",
    "status": "p.status = $2->>''status''",
    "property_type": "p.property_type = $2->>''property_type''",
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
    "tags": "p.id in (select t.property_id from public.property_tags t where t.tenant_id = $1 and t.tag_id in (select jsonb_array_elements_text($2->''tags'')::uuid))",
    "box": "p.latitude is not null and p.longitude is not null and point(p.longitude, p.latitude) <@ ($2->>''box'')::box",
    "polygon": "p.latitude is not null and p.longitude is not null and point(p.longitude, p.latitude) <@ ($2->>''polygon'')::polygon",
    "circle": "2 * 6371008.8 * asin(least(1, sqrt(sind((p.latitude - ($2->''circle''->>0)::float8) / 2) ^ 2 + cosd(p.latitude) * cosd(($2->''circle''->>0)::float8) * sind((p.longitude - ($2->''circle''->>1)::float8) / 2) ^ 2))) <= ($2->''circle''->>2)::float8"
  }';
  name text;
BEGIN
  FOR name IN SELECT jsonb_object_keys(wanted) LOOP
    IF name = 'city' THEN
      -- One spelling is the rule, and an equal sign lets the index give the order.
      condition := condition || CASE jsonb_array_length(wanted->'city') WHEN 1 THEN ' and p.city = $2->''city''->>0'
        ELSE ' and p.city in ($2->''city''->>0, $2->''city''->>1, $2->''city''->>2)' END;
    ELSIF known->>name IS NULL THEN
      RAISE EXCEPTION 'a property cannot be searched by %', name;
    ELSE
      condition := condition || ' and ' || (known->>name);
    END IF;
  END LOOP;
  RETURN condition;
END $$;

-- The spellings of a city that the tenant has.
CREATE FUNCTION narrowed_search(tenant uuid, wanted jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT wanted ? 'city' THEN RETURN wanted; END IF;
  RETURN wanted || jsonb_build_object('city', coalesce((SELECT jsonb_agg(DISTINCT spelling) FROM jsonb_array_elements_text(wanted->'city') spelling
    WHERE EXISTS (SELECT FROM public.properties p WHERE p.tenant_id = tenant AND p.city = spelling)), '[]'));
END $$;

GRANT SELECT ON property_tags TO reos_search;
REVOKE EXECUTE ON FUNCTION narrowed_search(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION narrowed_search(uuid, jsonb) TO reos_search;

-- To own a function a role must be allowed to make things in its schema, for this moment.
GRANT CREATE ON SCHEMA public TO reos_search;
SET ROLE reos_search;

-- Ids of the set tenant's properties that fit, in the order asked for, those after the place that a page ended at. Its memory
-- is for the list of places in the table that fit: beyond it, whole pages are looked through word by word.
CREATE OR REPLACE FUNCTION find_property_ids(wanted jsonb, sort text, after_value text, after_id uuid, most int)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB'
SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
  tenant uuid := public.current_tenant_id();
  narrowed jsonb := public.narrowed_search(tenant, wanted);
  statement text := 'select p.id from public.properties p where ' || public.property_search_condition(narrowed);
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
  RETURN QUERY EXECUTE statement || ' limit $5' USING tenant, narrowed, after_value, after_id, most;
END $$;

-- How many of the set tenant's properties fit, counted up to `most` (facet `total`), and as the planner reckons it without
-- counting (facet `estimate`); with facets also the 20 most frequent values of each among those counted. Where the planner
-- reckons with five times as many, a quarter of `most` is counted and stands for all of it, unless there are fewer after all.
-- Rows themselves do not leave. Volatile, since no other function may ask for a plan.
CREATE FUNCTION count_properties(wanted jsonb, most int, with_facets boolean)
RETURNS TABLE (facet text, value text, count bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB'
SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
  tenant uuid := public.current_tenant_id();
  narrowed jsonb := public.narrowed_search(tenant, wanted);
  condition text := public.property_search_condition(narrowed);
  plan json;
  estimate bigint;
  bound int := most;
BEGIN
  IF tenant IS NULL THEN RETURN; END IF;
  EXECUTE 'explain (format json) select from public.properties p where ' || condition INTO plan USING tenant, narrowed;
  estimate := (plan->0->'Plan'->>'Plan Rows')::numeric::bigint;
  IF estimate >= 5 * most::bigint THEN bound := greatest(1, most / 4); END IF;
  IF narrowed ? 'q' AND NOT narrowed ?| ARRAY['city', 'zip_code', 'county_fips', 'status', 'property_type', 'tags'] THEN
    -- The tenant is among the words already. As a condition that an index takes, all of its rows would be looked up besides.
    condition := replace(condition, 'p.tenant_id = $1 ', 'p.tenant_id is not distinct from $1 ');
  END IF;
  IF with_facets THEN
    RETURN QUERY EXECUTE $statement$
      with found as materialized (
        select p.status, p.property_type, p.city, case
            when p.list_price_cents is null then 'none'
            when p.list_price_cents < 25000000 then '0-250000'
            when p.list_price_cents < 50000000 then '250000-500000'
            when p.list_price_cents < 75000000 then '500000-750000'
            when p.list_price_cents < 100000000 then '750000-1000000'
            else '1000000-' end as band
        from public.properties p where $statement$ || condition || $statement$ limit $3
      ), counted as (
        select case when grouping(f.status) = 0 then 'status' when grouping(f.property_type) = 0 then 'property_type'
            when grouping(f.city) = 0 then 'city' when grouping(f.band) = 0 then 'price_band' else 'total' end as facet,
          coalesce(f.status, f.property_type, f.city, f.band) as value, count(*) as count
        from found f group by grouping sets ((f.status), (f.property_type), (f.city), (f.band), ())
      ), ranked as (
        select c.*, row_number() over (partition by c.facet order by c.count desc, c.value) as rank
        from counted c where c.value is not null or c.facet = 'total'
      )
      select r.facet, r.value, case when r.facet = 'total' and r.count = $3 then $4 else r.count end
      from ranked r where r.rank <= 20 order by r.facet <> 'total', r.facet, r.rank$statement$
    USING tenant, narrowed, bound, most::bigint;
  ELSE
    RETURN QUERY EXECUTE $statement$
      select 'total', null::text, case when count(*) = $3 then $4 else count(*) end
      from (select from public.properties p where $statement$ || condition || ' limit $3) found'
    USING tenant, narrowed, bound, most::bigint;
  END IF;
  RETURN QUERY SELECT 'estimate', null::text, estimate;
END $$;

DROP FUNCTION estimate_property_count(jsonb);
REVOKE EXECUTE ON FUNCTION count_properties(jsonb, int, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_properties(jsonb, int, boolean) TO reos_app;

SET ROLE reos_owner;
REVOKE CREATE ON SCHEMA public FROM reos_search;
