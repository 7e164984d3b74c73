"""What is read of RAR archives without libarchive: their locks."""
