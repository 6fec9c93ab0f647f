-- Past sales are found by place, time and kind. Under row-level security only b-trees over leakproof comparisons serve
-- that, so a sale carries copies of what its property is searched by. They steer the search alone: every fact that is
-- shown or reckoned with is read from the property itself.

ALTER TABLE sales
  ADD COLUMN county_fips text,
  ADD COLUMN latitude float8,
  ADD COLUMN longitude float8,
  ADD COLUMN sqft float8,
  -- Lower case RESO PropertySubType, else PropertyType, at most 60 letters; null when neither is known.
  ADD COLUMN property_kind text,
  -- Square of 0.005 degrees; src/domain/comparables/cells.ts reckons the same.
  ADD COLUMN cell bigint GENERATED ALWAYS AS (
    floor((latitude + 90) * 200)::bigint * 100000 + floor((longitude + 180) * 200)::bigint
  ) STORED;

-- Before the trigger and with policies off: the owner's migration belongs to no tenant.
ALTER TABLE sales NO FORCE ROW LEVEL SECURITY;
ALTER TABLE properties NO FORCE ROW LEVEL SECURITY;
UPDATE sales s SET county_fips = p.county_fips, latitude = p.latitude, longitude = p.longitude, sqft = p.sqft,
  property_kind = left(lower(coalesce(p.property_sub_type, p.property_type)), 60)
FROM properties p WHERE p.tenant_id = s.tenant_id AND p.id = s.property_id;
ALTER TABLE sales FORCE ROW LEVEL SECURITY;
ALTER TABLE properties FORCE ROW LEVEL SECURITY;

CREATE FUNCTION copy_searched_facts_to_sale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT p.county_fips, p.latitude, p.longitude, p.sqft, left(lower(coalesce(p.property_sub_type, p.property_type)), 60)
  INTO NEW.county_fips, NEW.latitude, NEW.longitude, NEW.sqft, NEW.property_kind
  FROM properties p WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.property_id;
  RETURN NEW;
END $$;
CREATE TRIGGER sales_copy_searched_facts BEFORE INSERT ON sales
  FOR EACH ROW EXECUTE FUNCTION copy_searched_facts_to_sale();

CREATE FUNCTION copy_searched_facts_to_sales() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales SET county_fips = NEW.county_fips, latitude = NEW.latitude, longitude = NEW.longitude, sqft = NEW.sqft,
    property_kind = left(lower(coalesce(NEW.property_sub_type, NEW.property_type)), 60)
  WHERE tenant_id = NEW.tenant_id AND property_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER properties_copy_searched_facts
  AFTER UPDATE OF county_fips, latitude, longitude, sqft, property_type, property_sub_type ON properties
  FOR EACH ROW WHEN (
    (OLD.county_fips, OLD.latitude, OLD.longitude, OLD.sqft, OLD.property_type, OLD.property_sub_type)
    IS DISTINCT FROM (NEW.county_fips, NEW.latitude, NEW.longitude, NEW.sqft, NEW.property_type, NEW.property_sub_type)
  ) EXECUTE FUNCTION copy_searched_facts_to_sales();

-- Carries all that the search looks at: in a dense city thousands of sales are passed over without reading their rows.
CREATE INDEX sales_by_place ON sales (tenant_id, cell, close_date)
  INCLUDE (property_id, close_price_cents, arms_length, latitude, longitude, sqft, property_kind);
CREATE INDEX sales_newest ON sales (tenant_id, county_fips, close_date) WHERE arms_length;
