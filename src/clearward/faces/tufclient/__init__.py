"""`clearward-tuf-client`: the updater as a plain client of any repository of TUF."""
