-- Search of what people write: comments, notes, and what assignments say. As with properties, text is found by a function
-- that runs as reos_search, reads the tenant itself and gives ids alone, which are then joined under the tables' policies.

-- The words of a text. The tenant is one of them, so that a word which others use often costs this tenant nothing.
CREATE FUNCTION note_words(tenant_id uuid, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_to_tsvector(ARRAY[tenant_id::text]) || to_tsvector('english'::regconfig, coalesce(body, ''));
CREATE INDEX comments_by_words ON comments USING gin (note_words(tenant_id, body)) WHERE deleted_at IS NULL;
CREATE INDEX assignments_by_words ON assignments USING gin (note_words(tenant_id, note)) WHERE note IS NOT NULL;

GRANT SELECT ON comments TO reos_search;
GRANT EXECUTE ON FUNCTION note_words(uuid, text) TO reos_search;
-- The queues' migration grants it, too: this one must not depend on which comes first.
GRANT SELECT ON assignments TO reos_search;

GRANT CREATE ON SCHEMA public TO reos_search;
SET ROLE reos_search;

-- What the set tenant wrote with the words, of these kinds (comment, note, assignment), newest first, after the place that a
-- page ended at. The id of an assignment is made of its property and user: it has none of its own.
CREATE FUNCTION find_note_ids(words text, kinds text[], after_at timestamptz, after_id uuid, most int)
RETURNS TABLE (kind text, id uuid, property_id uuid, user_id uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  tenant uuid := public.current_tenant_id();
  wanted tsquery;
BEGIN
  IF tenant IS NULL THEN RETURN; END IF;
  wanted := quote_literal(tenant::text)::tsquery && websearch_to_tsquery('english', words);
  RETURN QUERY
    SELECT f.* FROM (
      (SELECT c.kind, c.id, c.property_id, null::uuid, c.created_at AS at FROM public.comments c
       WHERE c.deleted_at IS NULL AND public.note_words(c.tenant_id, c.body) @@ wanted AND c.tenant_id = tenant
         AND c.kind = any(kinds) AND (after_id IS NULL OR (c.created_at, c.id) < (after_at, after_id))
       ORDER BY c.created_at DESC, c.id DESC LIMIT most)
      UNION ALL
      (SELECT 'assignment', md5(a.property_id::text || a.user_id::text)::uuid, a.property_id, a.user_id, a.assigned_at
       FROM public.assignments a
       WHERE a.note IS NOT NULL AND public.note_words(a.tenant_id, a.note) @@ wanted AND a.tenant_id = tenant
         AND 'assignment' = any(kinds)
         AND (after_id IS NULL OR (a.assigned_at, md5(a.property_id::text || a.user_id::text)::uuid) < (after_at, after_id))
       ORDER BY a.assigned_at DESC, 2 DESC LIMIT most)) f
    ORDER BY f.at DESC, f.id DESC LIMIT most;
END $$;
REVOKE EXECUTE ON FUNCTION find_note_ids(text, text[], timestamptz, uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_note_ids(text, text[], timestamptz, uuid, int) TO reos_app;

SET ROLE reos_owner;
REVOKE CREATE ON SCHEMA public FROM reos_search;
