-- Schedules and workers belong to the installation: only tenants of whoever runs it may give them orders.
ALTER TABLE tenants ADD COLUMN is_operator boolean NOT NULL DEFAULT false;
-- Whoever was here before people could register runs this installation.
UPDATE tenants SET is_operator = true;
