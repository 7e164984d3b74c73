"""Every byte that leaves: what may, and a ledger that is written before it does.

Nothing else in the project opens a connection to the outside.
"""
