"""How the tables came to be, step by step; each is run once on every database."""
