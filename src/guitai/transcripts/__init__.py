"""Utterances of a recording: sealed text, masked index, search."""
