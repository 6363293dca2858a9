"""SM2 signatures by GmSSL."""
