-- Whether sales arrived since a score was made is asked with every 2,500 properties that are scored again, and took a pass over
-- all sales of the county each time: at 100,000 of them a tenth of a second.
CREATE INDEX sales_by_arrival ON sales (tenant_id, county_fips, created_at) WHERE arms_length;
