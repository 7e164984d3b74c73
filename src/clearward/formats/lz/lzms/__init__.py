"""LZMS, what Windows itself is sent as: ranges, codes that learn, calls of programs."""
