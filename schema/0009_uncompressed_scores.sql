-- Compressing each score's document took a quarter of the database's work when everything is scored again; the
-- documents are a few kB and are read whole. A row that fits its page stays as it is.
ALTER TABLE property_scores SET (toast_tuple_target = 8160);
