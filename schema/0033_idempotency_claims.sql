-- Answers to writes were kept as plain text, for ever. From here on they are sealed, and a write that works outside one
-- transaction holds its key with a lease. What was kept is thrown away: a key is good for a day at most.
TRUNCATE idempotency_keys;
ALTER TABLE idempotency_keys DROP COLUMN headers, DROP COLUMN body, ALTER COLUMN status DROP NOT NULL,
  ADD COLUMN sealed_answer text,
  -- While the request runs: whose claim it is, and until when nobody else may take it over.
  ADD COLUMN claim_id uuid,
  ADD COLUMN lease_until timestamptz,
  ADD CHECK ((status IS NULL) = (sealed_answer IS NULL)),
  ADD CHECK ((status IS NULL) = (lease_until IS NOT NULL AND claim_id IS NOT NULL));

-- The same for writes of callers who have no tenant yet, such as registrations. `principal` is the operation's name.
CREATE TABLE public_idempotency_keys (
  principal text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  status int,
  sealed_answer text,
  claim_id uuid,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (principal, key),
  CHECK ((status IS NULL) = (sealed_answer IS NULL)),
  CHECK ((status IS NULL) = (lease_until IS NOT NULL AND claim_id IS NOT NULL))
);
CREATE INDEX public_idempotency_keys_by_time ON public_idempotency_keys (created_at);
REVOKE ALL ON public_idempotency_keys FROM reos_app;
