"""`clearward-clamscan`: takes the place of clamscan in scripts."""
