"""Clearward: an antivirus that does not have to be trusted."""

__version__ = "0.1.0.dev0"
