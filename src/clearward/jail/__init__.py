"""The locked process that touches hostile bytes, and the broker outside it.

Outside: broker, pool, sources, launch, spawn, tree, wire, level.
Inside: zygote, worker, lock and what they load, attacks.
"""
