"""The ICAP face (RFC 3507): proxies, mail filters and file shares ask here."""
