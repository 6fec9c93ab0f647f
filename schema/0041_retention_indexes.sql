-- What retention looks for, across tenants, oldest first. Decisions are written in the order of time: a block range index
-- costs nothing to keep.
DROP INDEX idempotency_keys_by_time;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);
CREATE INDEX policy_decisions_by_time ON policy_decisions USING brin (decided_at);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);
CREATE INDEX user_mails_by_time ON user_mails (created_at);
CREATE INDEX report_runs_with_file ON report_runs (finished_at) WHERE file_key IS NOT NULL;
CREATE INDEX signal_outbox_delivered ON signal_outbox (delivered_at) WHERE delivered_at IS NOT NULL;
