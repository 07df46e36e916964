-- Why: a job ends leases whose time is over every half minute; it must find them without reading all work of a site.

CREATE INDEX fulfillments_expiry ON fulfillments (site, lease_held, lease_expires_ms);
