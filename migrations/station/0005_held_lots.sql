-- Why: a product's record says since now which of its lots are on hold. Records that are here already were stored by a version
-- that left that out, and they would only come again when they change: forgetting the place in the change stream makes the
-- station take everything once more. What it has to give is not touched by that.
DELETE FROM meta WHERE key = 'cursor';
