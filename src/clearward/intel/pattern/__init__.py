"""Patterns of STIX: read, written in one way, turned into values, and matched.

`parsing.parse` reads one, `normal.normalised` writes it so that patterns which say the
same are the same text, `values.values` says which values it stands for, and
`matching.matches` tries it on observations. Nothing here trusts a pattern: all of it
works within limits.

Source: STIX 2.1 (OASIS, 2021-06-10), section 9.
"""
