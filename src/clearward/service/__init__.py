"""What every server shares: the desk that takes objects in, bodies, addresses."""
