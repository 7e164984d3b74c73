"""Objects of threat intelligence, and who may see them, in a database."""
