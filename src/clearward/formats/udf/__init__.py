"""UDF file systems: of DVDs, and of images that Windows writes."""
