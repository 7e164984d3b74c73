"""Containers and programs that begin in the middle of a part."""
