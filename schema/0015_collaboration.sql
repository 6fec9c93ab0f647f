-- Comments of a tenant by time: its search looks at the newest.
CREATE INDEX comments_by_time ON comments (tenant_id, created_at DESC, id DESC);
