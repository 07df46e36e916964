-- Why: work that the office holds keeps the units it was promised, so that a question to the customer does not cost them their goods,
-- and what is let go is as it was. Until now only work that was short when it was held went back as it was; it does so under the new
-- name. What else is held at this moment was promised nothing while it is held, and is looked at when it is let go, as before.
UPDATE fulfillments SET hold_reason = 'office_kept' WHERE hold_reason = 'office_short';
