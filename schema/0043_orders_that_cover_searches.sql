-- What searches are narrowed by most lies beside their order: a search by place, price or size reads its page from the index
-- alone, without looking up each of the thousands of rows that it passes over.
DROP INDEX properties_score_order;
CREATE INDEX properties_score_order ON properties (tenant_id, (coalesce(bird_dog_score, -1)), id)
  INCLUDE (latitude, longitude, city, status, property_type, list_price_cents, sqft, bird_dog_score);
DROP INDEX properties_update_order;
CREATE INDEX properties_update_order ON properties (tenant_id, updated_at, id)
  INCLUDE (latitude, longitude, city, status, property_type, list_price_cents, sqft, bird_dog_score);
DROP INDEX properties_by_city;
CREATE INDEX properties_by_city ON properties (tenant_id, city, (coalesce(bird_dog_score, -1)), id)
  INCLUDE (status, property_type, list_price_cents, sqft, bird_dog_score);
