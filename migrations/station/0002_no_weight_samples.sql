-- Why: the server alone learns weights. What a parcel says travels in its weighing's event, so samples kept here
-- would be a second book that nobody reads.
DROP TABLE weight_sample;
