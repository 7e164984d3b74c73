"""Who may do what in the store: passwords, attempts, tokens and roles."""
