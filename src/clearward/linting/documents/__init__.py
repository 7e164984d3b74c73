"""Harmless documents that rules against malware never match.

Nothing is read here, and no library of a format is used: each writer puts together the
least that its format asks for.
"""
