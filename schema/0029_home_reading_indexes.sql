-- What was sold, offered and counted lately, over all markets, without reading what is old.

CREATE INDEX deal_pl_sold ON mart.deal_pl (tenant_id, close_date DESC, home_ref) WHERE status = 'sold';
CREATE INDEX resales_by_close ON raw.resales (tenant_id, close_date DESC, home_ref);
CREATE INDEX offer_events_accepted ON raw.offer_events (tenant_id, property_ref, offered_at) WHERE seller_accepted_offer;
CREATE INDEX funnel_activity_by_week ON raw.funnel_activity (tenant_id, week);
