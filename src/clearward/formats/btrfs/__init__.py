"""Btrfs: trees of items, and content in extents."""
