"""Rule text in, a matcher out. Runs only in the jail."""
