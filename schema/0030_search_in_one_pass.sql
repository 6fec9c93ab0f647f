-- A search in one pass: the words of a property are kept with it, and its page, its count and its facets come from the
-- same rows. Rewrites the table once: some minutes for a million properties, during which it cannot be read.

-- Made again only when one of the words' columns changes. To make them takes some fifty times as long as to compare them.
ALTER TABLE properties ADD COLUMN search_words tsvector
  GENERATED ALWAYS AS (property_words(tenant_id, address, city, state, zip_code, apn, owner_name, public_remarks)) STORED;
DROP INDEX properties_by_words;
CREATE INDEX properties_by_words ON properties USING gin (search_words);

-- The condition of a search; `tags` are ids, of which a property has at least one.
CREATE OR REPLACE FUNCTION property_search_condition(wanted jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  condition text := 'p.tenant_id = $1';
  known constant jsonb := '{
    "q": "p.search_words @@ (quote_literal($1::text)::tsquery && websearch_to_tsquery(''english'', $2->>''q''))",
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

-- To own a function a role must be allowed to make things in its schema, for this moment.
GRANT CREATE ON SCHEMA public TO reos_search;
SET ROLE reos_search;

-- A page of the set tenant's properties that fit, as rows `id` in the order asked for, their number as row `total`, counted up to
-- `most`, with facets also the 20 most frequent values of each, and the number that the planner reckons with as row `estimate`.
-- Fewer than `most` are looked up once, and the page is sorted out of them. Where the planner reckons with five times as many,
-- a quarter of `most` is counted and stands for all of it, unless there are fewer after all, and the page is read from
-- the order's index. Rows themselves do not leave. Volatile, since no other function may ask for a plan.
CREATE FUNCTION search_properties(wanted jsonb, sort text, after_value text, after_id uuid, page int, most int, with_facets boolean)
RETURNS TABLE (facet text, value text, count bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB'
SET max_parallel_workers_per_gather = 0 SET jit = off AS $$
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
  IF estimate >= 5 * most::bigint THEN bound := greatest(1, most / 4); END IF;
  statement := 'with found as materialized (select p.id, ' || key || ' as key, p.status, p.property_type, p.city, p.list_price_cents
      from public.properties p where '
    -- The tenant is among the words already. As a condition that an index takes, all of its rows would be looked up besides.
    || CASE WHEN narrowed ? 'q' AND NOT narrowed ?| ARRAY['city', 'zip_code', 'county_fips', 'status', 'property_type', 'tags']
      THEN replace(condition, 'p.tenant_id = $1 ', 'p.tenant_id is not distinct from $1 ') ELSE condition END
    || ' limit $3), total as (select count(*) as n from found)
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
              else '1000000-' end as band from found) f
          group by grouping sets ((f.status), (f.property_type), (f.city), (f.band))) c
        where c.value is not null) r
      where r.rank <= 20$statement$;
  END IF;
  IF bound = most THEN
    statement := statement || format($statement$
      union all select 'id', s.id::text, row_number() over () from (
        select f.id from found f where f.key is not null and (select t.n < $3 from total t)%s
        order by f.key %s, f.id %s limit $6) s$statement$, later, direction, direction);
  END IF;
  FOR facet, value, count IN EXECUTE statement USING tenant, narrowed, bound, after_value, after_id, page LOOP
    IF facet = 'total' THEN
      is_whole := count < bound AND bound = most;
      IF count = bound THEN count := most; END IF;
    END IF;
    RETURN NEXT;
  END LOOP;
  IF NOT is_whole THEN
    RETURN QUERY SELECT 'id', i::text, row_number() OVER ()
      FROM public.find_property_ids(wanted, sort, after_value, after_id, page) i;
  END IF;
  RETURN QUERY SELECT 'estimate', null::text, estimate;
END $$;

DROP FUNCTION count_properties(jsonb, int, boolean);
ALTER FUNCTION find_property_ids(jsonb, text, text, uuid, int) SET jit = off;
REVOKE EXECUTE ON FUNCTION search_properties(jsonb, text, text, uuid, int, int, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_properties(jsonb, text, text, uuid, int, int, boolean) TO reos_app;

SET ROLE reos_owner;
REVOKE CREATE ON SCHEMA public FROM reos_search;
