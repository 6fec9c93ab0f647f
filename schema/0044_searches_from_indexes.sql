-- Places are counted from their index alone, and words are looked up among those of all tenants where nearly all of them are
-- this tenant's: at ten million properties each row that is looked up may cost a read of the disk.

DROP INDEX properties_by_place;
CREATE INDEX properties_by_place ON properties USING gist (point(longitude, latitude))
  INCLUDE (tenant_id, id, latitude, longitude, bird_dog_score, updated_at, status, property_type, city, list_price_cents, sqft)
  WHERE latitude IS NOT NULL AND longitude IS NOT NULL;

-- The search with what is known of the tenant: the spellings of a city that it has, and `q_of_all` in place of `q` where at
-- least half of all rows are its own. The tenant's own word leads to each of its rows, so that with millions of them the index
-- is faster without it; a search for words that must not stand there alone needs it.
CREATE OR REPLACE FUNCTION narrowed_search(tenant uuid, wanted jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  share float4;
  words tsquery;
BEGIN
  IF wanted ? 'city' THEN
    wanted := wanted || jsonb_build_object('city', coalesce((SELECT jsonb_agg(DISTINCT spelling) FROM jsonb_array_elements_text(wanted->'city') spelling
      WHERE EXISTS (SELECT FROM public.properties p WHERE p.tenant_id = tenant AND p.city = spelling)), '[]'));
  END IF;
  IF wanted ? 'q' THEN
    words := websearch_to_tsquery('english', wanted->>'q');
    SELECT s.most_common_freqs[array_position(s.most_common_vals::text::uuid[], tenant)] INTO share FROM pg_catalog.pg_stats s
      WHERE s.schemaname = 'public' AND s.tablename = 'properties' AND s.attname = 'tenant_id';
    IF share >= 0.5 AND numnode(words) > 0 AND words::text NOT LIKE '%!%' THEN
      wanted := wanted - 'q' || jsonb_build_object('q_of_all', wanted->>'q');
    END IF;
  END IF;
  RETURN wanted;
END $$;

-- The words alone are one more condition of a search.
DO $do$
DECLARE
  before constant text := pg_get_functiondef('property_search_condition(jsonb)'::regprocedure);
  place constant text := '"county_fips": "p.county_fips';
  added constant text := $json$"q_of_all": "p.search_words @@ websearch_to_tsquery(''english'', $2->>''q_of_all'')",
    $json$;
BEGIN
  IF position(place IN before) = 0 THEN
    RAISE EXCEPTION 'property_search_condition is not as this migration knows it';
  END IF;
  EXECUTE replace(before, place, added || place);
END $do$;

-- To own a function a role must be allowed to make things in its schema, for this moment.
GRANT CREATE ON SCHEMA public TO reos_search;
SET ROLE reos_search;

-- A page of the set tenant's properties that fit, as rows `id` in the order asked for, their number as row `total`, counted up to
-- `most`, with facets also the 20 most frequent values of each among these, and the number that the planner reckons with as row
-- `estimate`. Where the planner reckons with five times as many as `most`, a quarter of it is counted and stands for all of it,
-- unless there are fewer after all, and the page is read from the order's index. Otherwise the page is sorted out of what was
-- counted. No index orders what has a word: there up to five times as many are looked up once, rather than twice. The planner
-- takes every place for a thousandth of all: it is not asked which index to take for one.
-- Rows themselves do not leave. Volatile, since no other function may ask for a plan.
CREATE OR REPLACE FUNCTION search_properties(wanted jsonb, sort text, after_value text, after_id uuid, page int, most int, with_facets boolean)
RETURNS TABLE (facet text, value text, count bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB'
SET max_parallel_workers_per_gather = 0 SET jit = off SET random_page_cost = 1.1 AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := public.current_tenant_id();
  narrowed jsonb := public.narrowed_search(tenant, wanted);
  condition text := public.property_search_condition(narrowed);
  direction text := CASE sort WHEN 'list_price' THEN 'asc' ELSE 'desc' END;
  key text := CASE WHEN sort LIKE '%list_price' THEN 'p.list_price_cents' WHEN sort = '-updated_at' THEN 'p.updated_at'
    ELSE 'coalesce(p.bird_dog_score, -1)' END;
  kind text := CASE WHEN sort LIKE '%list_price' THEN 'bigint' WHEN sort = '-updated_at' THEN 'timestamptz' ELSE 'float8' END;
  later text := CASE WHEN after_id IS NULL THEN '' ELSE
    format(' and (f.key, f.id) %s ($4::%s, $5)', CASE direction WHEN 'asc' THEN '>' ELSE '<' END, kind) END;
  has_words boolean := narrowed ?| ARRAY['q', 'q_of_all'];
  has_place boolean := narrowed ?| ARRAY['box', 'circle', 'polygon'];
  with_words bigint;
  of_tenant bigint;
  plan json;
  estimate bigint;
  bound int := most;
  is_whole boolean := false;
  statement text;
BEGIN
  IF tenant IS NULL THEN RETURN; END IF;
  IF sort NOT IN ('-bird_dog_score', '-updated_at', 'list_price', '-list_price') THEN
    RAISE EXCEPTION 'properties cannot be sorted by %', sort;
  END IF;
  EXECUTE 'explain (format json) select from public.properties p where ' || condition INTO plan USING tenant, narrowed;
  estimate := (plan->0->'Plan'->>'Plan Rows')::numeric::bigint;
  IF estimate >= 5 * most::bigint THEN bound := greatest(1, most / 4);
  ELSIF has_words THEN bound := 5 * most;
  END IF;
  -- The tenant is among the words already, or the words are nearly all its own. As a condition that an index takes, all of its
  -- rows would be looked up besides.
  IF has_words AND NOT narrowed ?| ARRAY['city', 'zip_code', 'county_fips', 'status', 'property_type', 'tags'] THEN
    condition := replace(condition, 'p.tenant_id = $1 ', 'p.tenant_id is not distinct from $1 ');
  END IF;
  IF has_words AND has_place THEN
    -- Words that fewer have than every fifth are met with the place within the indexes, before a row is looked up.
    EXECUTE 'explain (format json) select from public.properties p where ' || public.property_search_condition(
      narrowed - ARRAY['box', 'circle', 'polygon']) INTO plan USING tenant, narrowed;
    with_words := (plan->0->'Plan'->>'Plan Rows')::numeric::bigint;
    EXECUTE 'explain (format json) select from public.properties p where p.tenant_id = $1' INTO plan USING tenant;
    of_tenant := (plan->0->'Plan'->>'Plan Rows')::numeric::bigint;
    IF with_words < of_tenant / 5 THEN PERFORM set_config('random_page_cost', '40', true); END IF;
  END IF;
  statement := 'with found as materialized (select p.id, ' || key || ' as key, p.status, p.property_type, p.city, p.list_price_cents
      from public.properties p where ' || condition || ' limit $3), total as (select count(*) as n from found)
    select ''total'', null::text, t.n from total t';
  IF with_facets THEN
    statement := statement || $statement$
      union all select r.facet, r.value, r.count from (
        select c.*, row_number() over (partition by c.facet order by c.count desc, c.value) as rank from (
          select case when grouping(f.status) = 0 then 'status' when grouping(f.property_type) = 0 then 'property_type'
              when grouping(f.city) = 0 then 'city' else 'price_band' end as facet,
            coalesce(f.status, f.property_type, f.city, f.band) as value, count(*) as count
          from (select status, property_type, city, case
              when list_price_cents is null then 'none'
              when list_price_cents < 25000000 then '0-250000'
              when list_price_cents < 50000000 then '250000-500000'
              when list_price_cents < 75000000 then '500000-750000'
              when list_price_cents < 100000000 then '750000-1000000'
              else '1000000-' end as band from found limit $7) f
          group by grouping sets ((f.status), (f.property_type), (f.city), (f.band))) c
        where c.value is not null) r
      where r.rank <= 20$statement$;
  END IF;
  IF bound >= most THEN
    statement := statement || format($statement$
      union all select 'id', s.id::text, row_number() over () from (
        select f.id from found f where f.key is not null and (select t.n < $3 from total t)%s
        order by f.key %s, f.id %s limit $6) s$statement$, later, direction, direction);
  END IF;
  FOR facet, value, count IN EXECUTE statement USING tenant, narrowed, bound, after_value, after_id, page, most LOOP
    IF facet = 'total' THEN
      is_whole := count < bound AND bound >= most;
      -- What was counted short stands for all of it.
      IF count = bound OR count > most THEN count := most; END IF;
    END IF;
    RETURN NEXT;
  END LOOP;
  IF NOT is_whole AND has_place AND NOT has_words THEN
    -- Of so many the first come soon in the order's index, which holds the places, too.
    RETURN QUERY EXECUTE format($statement$select 'id', f.id::text, row_number() over () from (
        select p.id, %s as key from public.properties p where %s) f where f.key is not null%s
        order by f.key %s, f.id %s limit $6$statement$,
      key, replace(condition, 'point(p.longitude, p.latitude)', 'point(p.longitude + 0, p.latitude)'), later, direction, direction)
      USING tenant, narrowed, bound, after_value, after_id, page;
  ELSIF NOT is_whole THEN
    RETURN QUERY SELECT 'id', i::text, row_number() OVER ()
      FROM public.find_property_ids(wanted, sort, after_value, after_id, page) i;
  END IF;
  RETURN QUERY SELECT 'estimate', null::text, estimate;
END $$;

SET ROLE reos_owner;
REVOKE CREATE ON SCHEMA public FROM reos_search;
