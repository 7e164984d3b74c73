"""Parts and rules in, one result out. Runs only in the jail."""
