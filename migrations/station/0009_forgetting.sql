-- Why: every lease, recall and cancellation that central told of was kept as a record, one for each order ever made, and nothing
-- read them: they are acted on when they come. They grew for ever, and made the last page of a snapshot fail once there were more
-- than one answer may hold.
DELETE FROM record WHERE kind IN ('lease', 'recall', 'cancel');

-- Why: how long ago an order ended or a photo was taken was reckoned from the bench's own clock to the server's. A bench whose clock
-- was years behind forgot the work of today at the first quiet moment. This is the server's time as it was known then, or the bench's
-- where that is later; NULL: of before, when only the bench's was kept.
ALTER TABLE session ADD COLUMN ended_told BIGINT;
ALTER TABLE photo ADD COLUMN told BIGINT;
