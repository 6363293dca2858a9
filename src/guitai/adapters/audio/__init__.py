"""Audio containers decoded with PyAV."""
