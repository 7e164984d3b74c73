"""Shows that nothing leaves unrecorded, against what the kernel counts."""
