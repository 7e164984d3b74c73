"""NTFS, the file system of Windows."""
