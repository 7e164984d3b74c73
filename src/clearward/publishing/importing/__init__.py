"""Brings public rule sources to a publisher, each with where it comes from."""
