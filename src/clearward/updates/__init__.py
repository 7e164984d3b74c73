"""What rules are trusted for: signatures, a public log, and the user's own policy.

A bundle of rules is bytes here; nothing in this room parses a rule, opens a file or
reaches a network.
"""
