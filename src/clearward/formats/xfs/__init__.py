"""XFS: inodes, maps of their content, folders."""
