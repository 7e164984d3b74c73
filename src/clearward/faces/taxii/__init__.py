"""TAXII 2.1: collections of STIX objects, served over HTTP.

Source: TAXII version 2.1, OASIS Standard, 10 June 2021.
"""
