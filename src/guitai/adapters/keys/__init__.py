"""Key-encryption keys: the local keyring."""
