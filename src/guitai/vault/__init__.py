"""Sealed objects: data keys, chunks, copies."""
