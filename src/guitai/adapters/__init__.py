"""One folder per outside thing; chosen in bootstrap."""
