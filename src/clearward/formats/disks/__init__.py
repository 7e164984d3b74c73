"""Disks and file systems: where their bytes lie."""
