-- A process of the API remembers for a moment who a caller is, and hears at the commit when that has changed, whoever changed it.
-- Written to the channel on which processes hear of what they keep (`ANSWER_NEWS`).
CREATE FUNCTION tell_changed_callers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kept_answers', 'callers/' || CASE TG_TABLE_NAME WHEN 'tenants' THEN to_jsonb(OLD)->>'id' ELSE to_jsonb(OLD)->>'tenant_id' END);
  RETURN NULL;
END $$;

CREATE TRIGGER user_accounts_tell_changed_callers AFTER UPDATE OF role, status, tokens_valid_from OR DELETE ON user_accounts
  FOR EACH ROW EXECUTE FUNCTION tell_changed_callers();
CREATE TRIGGER tenants_tell_changed_callers AFTER UPDATE OF status, plan, is_operator OR DELETE ON tenants
  FOR EACH ROW EXECUTE FUNCTION tell_changed_callers();
