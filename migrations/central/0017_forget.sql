-- Why: photos are kept for the site's days and no longer, and a person who asks is forgotten. erased_ms says that a photo is not
-- kept; received_bytes stays above zero until its file is gone from the disk too, so that a crash between the two loses no
-- deletion. Both questions are asked all the time and answered by few rows.
CREATE INDEX photos_kept ON photos (site, complete_ms) WHERE erased_ms IS NULL;
CREATE INDEX photos_erasing ON photos (site, hash) WHERE erased_ms IS NOT NULL AND received_bytes > 0;
