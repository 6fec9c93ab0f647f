-- Words beside a city, a ZIP code or a place, and words that many have: at ten million properties the index of words gives a
-- million rows for one word, and to meet those with the rows of a city takes longer than to look at all that is asked for.

-- Prices with what searches are narrowed by beside them: a band of prices in a large city is read from the index alone.
DROP INDEX properties_price_order;
CREATE INDEX properties_price_order ON properties (tenant_id, list_price_cents, id)
  INCLUDE (latitude, longitude, city, status, property_type, sqft, bird_dog_score);

-- The words of a city or a ZIP code are among a property's words: asked for there, the index meets them with the others itself.
-- `words_of_place` is what to ask for, as a tsquery's text.
DO $do$
DECLARE
  before constant text := pg_get_functiondef('property_search_condition(jsonb)'::regprocedure);
  place constant text := '"county_fips": "p.county_fips';
  added constant text := $json$"words_of_place": "p.search_words @@ ($2->>''words_of_place'')::tsquery",
    $json$;
BEGIN
  IF position(place IN before) = 0 THEN
    RAISE EXCEPTION 'property_search_condition is not as this migration knows it';
  END IF;
  EXECUTE replace(before, place, added || place);
END $do$;

-- The condition of a search, of which the named parts (`tenant` among them) lead no index: they are looked at in the rows, or in what
-- an index holds beside its order.
CREATE FUNCTION property_search_condition(wanted jsonb, looked_at text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  tenant constant text := 'p.tenant_id = $1';
  condition text := CASE WHEN 'tenant' = ANY (looked_at) THEN '(' || tenant || ') is true' ELSE tenant END;
  part text;
  name text;
BEGIN
  FOR name IN SELECT jsonb_object_keys(wanted) LOOP
    part := substr(public.property_search_condition(jsonb_build_object(name, wanted->name)), length(tenant || ' and ') + 1);
    condition := condition || ' and ' || CASE WHEN name = ANY (looked_at) THEN '(' || part || ') is true' ELSE part END;
  END LOOP;
  RETURN condition;
END $$;

-- To own a function a role must be allowed to make things in its schema, for this moment.
GRANT CREATE ON SCHEMA public TO reos_search;
SET ROLE reos_search;

-- How many rows of `properties p` the planner reckons with under a condition on $1 (tenant) and $2 (search).
CREATE FUNCTION planned_properties(condition text, tenant uuid, wanted jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'explain (format json) select from public.properties p where ' || condition INTO plan USING tenant, wanted;
  RETURN (plan->0->'Plan'->>'Plan Rows')::numeric::bigint;
END $$;
REVOKE EXECUTE ON FUNCTION planned_properties(text, uuid, jsonb) FROM PUBLIC;

-- A page of the set tenant's properties that fit, as rows `id` in the order asked for, their number as row `total`, counted up to
-- `most`, with facets also the 20 most frequent values of each among these, and the number that the planner reckons with as row
-- `estimate`. Where it reckons with many more than `most`, a quarter of `most` is counted and stands for all of it, unless there
-- are fewer after all, and the page is read from the order's index. Otherwise the page is sorted out of what was counted.
-- No index orders what has a word. Looking up all n of N that have it takes as long as to pass over N/n rows for each of a page's k
-- in the order's index where n is the root of k·N: beyond it that is sooner done.
-- The planner takes every place for a thousandth of all: with words, the rows of a place are counted from its index instead.
-- Rows themselves do not leave. Volatile, since no other function may ask for a plan.
CREATE OR REPLACE FUNCTION search_properties(wanted jsonb, sort text, after_value text, after_id uuid, page int, most int, with_facets boolean)
RETURNS TABLE (facet text, value text, count bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB'
SET max_parallel_workers_per_gather = 0 SET jit = off SET random_page_cost = 1.1 AS $$
#variable_conflict use_column
DECLARE
  all_words constant text[] := ARRAY['q', 'q_of_all', 'words_of_place'];
  all_places constant text[] := ARRAY['box', 'circle', 'polygon'];
  tenant uuid := public.current_tenant_id();
  narrowed jsonb := public.narrowed_search(tenant, wanted);
  has_words boolean := narrowed ?| all_words;
  has_place boolean := narrowed ?| all_places;
  direction text := CASE sort WHEN 'list_price' THEN 'asc' ELSE 'desc' END;
  key text := CASE WHEN sort LIKE '%list_price' THEN 'p.list_price_cents' WHEN sort = '-updated_at' THEN 'p.updated_at'
    ELSE 'coalesce(p.bird_dog_score, -1)' END;
  kind text := CASE WHEN sort LIKE '%list_price' THEN 'bigint' WHEN sort = '-updated_at' THEN 'timestamptz' ELSE 'float8' END;
  later text := CASE WHEN after_id IS NULL THEN '' ELSE
    format(' and (f.key, f.id) %s ($4::%s, $5)', CASE direction WHEN 'asc' THEN '>' ELSE '<' END, kind) END;
  words_of_place tsquery;
  cities text[];
  -- What is looked at in the rows while they are counted.
  looked_at text[] := '{}';
  many float8 := 5 * most;
  bound int := most;
  of_tenant bigint;
  with_words bigint;
  of_place bigint;
  looked_over bigint;
  of_cities jsonb;
  estimate bigint;
  is_whole boolean;
  statement text;
BEGIN
  IF tenant IS NULL THEN RETURN; END IF;
  IF sort NOT IN ('-bird_dog_score', '-updated_at', 'list_price', '-list_price') THEN
    RAISE EXCEPTION 'properties cannot be sorted by %', sort;
  END IF;
  estimate := public.planned_properties(public.property_search_condition(narrowed), tenant, narrowed);
  IF has_words THEN
    of_tenant := public.planned_properties('p.tenant_id = $1', tenant, narrowed);
    many := greatest(1.5 * most, sqrt(page::float8 * of_tenant));
    IF narrowed ?| ARRAY['city', 'zip_code'] THEN
      words_of_place := plainto_tsquery('english', concat_ws(' ', narrowed->'city'->>0, narrowed->>'zip_code'));
    END IF;
    IF numnode(words_of_place) > 0 THEN
      -- The order of a city or ZIP code is short enough to find a page in, whatever the words.
      many := 1.5 * most;
      narrowed := narrowed || jsonb_build_object('words_of_place', words_of_place::text);
      looked_at := ARRAY['tenant', 'city', 'zip_code'];
    ELSIF NOT narrowed ?| ARRAY['county_fips', 'status', 'property_type', 'tags'] THEN
      -- The tenant is among the words already, or the words are nearly all its own. As a condition that an index takes, all of
      -- its rows would be looked up besides.
      looked_at := ARRAY['tenant'];
    END IF;
    bound := 2 * many;
  END IF;
  IF has_words AND has_place THEN
    with_words := public.planned_properties(public.property_search_condition(narrowed - all_places), tenant, narrowed);
    IF with_words < 2 * most THEN
      looked_at := looked_at || all_places;
    ELSE
      -- As far as it takes to know whether there are `most`.
      looked_over := greatest(4, least(10, of_tenant::float8 / with_words)) * most;
      EXECUTE 'select count(*), array_agg(distinct f.city) from (select p.city from public.properties p where '
        || public.property_search_condition(narrowed - all_words) || ' limit $3) f' INTO of_place, cities USING tenant, narrowed, looked_over;
      estimate := greatest(estimate, of_place::float8 * with_words / greatest(1, of_tenant));
      IF estimate >= most OR of_place < with_words / 50 THEN
        -- To look a row up takes some fifty times as long as to meet a word's entry with a place's within the indexes.
        looked_at := looked_at || all_words;
      ELSE
        PERFORM set_config('random_page_cost', '40', true);
        IF of_place < looked_over AND cardinality(cities) <= 10 AND array_position(cities, NULL) IS NULL AND NOT narrowed ? 'words_of_place' THEN
          -- A word that a million have is met with the few cities that lie there first.
          SELECT jsonb_build_object('words_of_place', string_agg('(' || words::text || ')', ' | ')) INTO of_cities
            FROM (SELECT plainto_tsquery('english', city) AS words FROM unnest(cities) city) c HAVING min(numnode(words)) > 0;
          narrowed := narrowed || coalesce(of_cities, '{}');
        END IF;
      END IF;
      many := most;
    END IF;
  END IF;
  IF estimate >= many THEN bound := greatest(1, most / 4); END IF;
  statement := 'with found as materialized (select p.id, ' || key || ' as key, p.status, p.property_type, p.city, p.list_price_cents
      from public.properties p where ' || public.property_search_condition(narrowed, looked_at) || ' limit $3),
    total as (select count(*) as n from found)
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
  statement := statement || format($statement$
    union all select 'id', s.id::text, row_number() over () from (
      select f.id from found f where f.key is not null and (select t.n < $3 from total t)%s
      order by f.key %s, f.id %s limit $6) s$statement$, later, direction, direction);
  FOR facet, value, count IN EXECUTE statement USING tenant, narrowed, bound, after_value, after_id, page, most LOOP
    IF facet = 'total' THEN
      is_whole := count < bound;
      -- What was counted short stands for all of it.
      IF NOT is_whole OR count > most THEN count := most; END IF;
    END IF;
    RETURN NEXT;
  END LOOP;
  IF NOT is_whole AND (has_words OR has_place) THEN
    -- Of so many the first come soon in the order's index. It holds the places, too: words are looked up for those alone that lie there.
    narrowed := narrowed - 'words_of_place';
    statement := public.property_search_condition(CASE WHEN has_place THEN narrowed - all_words ELSE narrowed END, all_places || all_words);
    IF has_words AND has_place THEN
      statement := statement || format(' and (select %s from public.properties w where w.tenant_id = p.tenant_id and w.id = p.id)', substr(
        replace(public.property_search_condition(narrowed - all_places - (SELECT array_agg(k) FROM jsonb_object_keys(narrowed - all_words) k)), 'p.search_words', 'w.search_words'),
        length('p.tenant_id = $1 and ') + 1));
    END IF;
    RETURN QUERY EXECUTE format($statement$select 'id', s.id::text, row_number() over () from (
        select f.id from (select p.id, %s as key from public.properties p where %s) f where f.key is not null%s
        order by f.key %s, f.id %s limit $6) s$statement$,
      key, statement, later, direction, direction) USING tenant, narrowed, bound, after_value, after_id, page;
  ELSIF NOT is_whole THEN
    RETURN QUERY SELECT 'id', i::text, row_number() OVER ()
      FROM public.find_property_ids(wanted, sort, after_value, after_id, page) i;
  END IF;
  RETURN QUERY SELECT 'estimate', null::text, estimate;
END $$;

SET ROLE reos_owner;
REVOKE CREATE ON SCHEMA public FROM reos_search;
