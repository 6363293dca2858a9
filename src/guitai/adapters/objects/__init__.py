"""Object stores: local folder and S3, through obstore."""

from guitai.adapters.objects.locations import open_store

__all__ = ["open_store"]
