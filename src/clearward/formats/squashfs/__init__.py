"""SquashFS: packed blocks and the tables that list them."""
