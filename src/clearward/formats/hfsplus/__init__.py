"""HFS+: trees of records, and what is packed in attributes."""
