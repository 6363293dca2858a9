"""Guitai (柜台): the open, self-hosted intelligent contact centre for banks."""

__version__ = "0.1.0"
