"""What bytes are, and which parts lie inside them. Runs only in the jail."""
