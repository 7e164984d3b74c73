"""Digests that are known to be bad: lists, filters and private look-ups.

Bytes in, answers out: nothing here opens a file or a connection, and randomness is an
argument.
"""
