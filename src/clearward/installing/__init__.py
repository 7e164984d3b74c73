"""Brings published rules to a machine: fetched, checked, in place by one rename."""
