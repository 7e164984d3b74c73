"""What several tests share: builders, and ways to read what unpackers yield."""
