"""RFC 3161 timestamp authorities."""
