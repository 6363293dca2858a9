"""Reports: read models only."""
