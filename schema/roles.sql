-- Cluster-wide roles. Run by `reos migrate` before the numbered migrations; safe to run again.
-- reos_owner owns every object, reos_app is confined by row-level security, reos_system passes it (listed doors only),
-- reos_search will own the search functions. The login role is a member of all four and inherits none:
-- without SET ROLE it can read nothing.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reos_owner') THEN CREATE ROLE reos_owner NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reos_app') THEN CREATE ROLE reos_app NOLOGIN NOSUPERUSER NOBYPASSRLS; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reos_system') THEN CREATE ROLE reos_system NOLOGIN NOSUPERUSER BYPASSRLS; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reos_search') THEN CREATE ROLE reos_search NOLOGIN NOSUPERUSER BYPASSRLS; END IF;
END $$;
