"""`clearward-clamdscan`: takes the place of clamdscan in scripts."""
