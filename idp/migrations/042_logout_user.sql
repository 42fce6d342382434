-- The user whose session a single logout ended: the actor of its events.
ALTER TABLE okta_logouts ADD COLUMN user_id TEXT NOT NULL DEFAULT '';
