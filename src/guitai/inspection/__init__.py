"""Rules, forms, scorecards."""
