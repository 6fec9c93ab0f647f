-- A night's re-score wrote 9 kB of words for each property that no one reads; they were a third of its work and nearly all
-- of its room. A score below the memo's threshold keeps what it was worked out from instead (half of that, and nothing in
-- it is searched or checked), and its parts, reasons and sales are worked out from that when somebody asks. Its reasons
-- hold the strongest ones, which lists show.
ALTER TABLE property_scores
  ALTER COLUMN score_components DROP NOT NULL,
  ALTER COLUMN features_used DROP NOT NULL,
  ADD COLUMN inputs bytea,
  ALTER COLUMN inputs SET STORAGE EXTERNAL,
  ADD CONSTRAINT property_scores_explained CHECK (inputs IS NOT NULL OR (score_components IS NOT NULL AND features_used IS NOT NULL));
