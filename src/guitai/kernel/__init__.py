"""Ids, clock, base error and canonical bytes: what every package may name; imports nothing of ours."""
