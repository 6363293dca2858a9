"""Who did what, appended in the same transaction as the deed."""
