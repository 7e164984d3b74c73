"""Brings published rules to a machine: fetched, checked, and put in place by one rename."""
