-- Approval of a planned send, look-up of a send by the id that a provider gives back, and back-off of the signal relay.

ALTER TABLE outreach_messages ADD COLUMN approved_at timestamptz, ADD COLUMN approved_by text;

-- A webhook knows the send id and not the tenant.
CREATE INDEX outreach_messages_by_send_id ON outreach_messages (send_id);

-- Not before this time: set after a failed delivery.
ALTER TABLE signal_outbox ADD COLUMN retry_at timestamptz;
CREATE INDEX signal_outbox_by_property ON signal_outbox (tenant_id, property_id, id) WHERE delivered_at IS NULL;
