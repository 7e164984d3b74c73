"""ClamAV's signatures: one file for each kind of text, and what they are read into."""
