"""ext2, ext3 and ext4, the file systems of Linux."""
