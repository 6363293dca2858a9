"""Voice activity: Silero on onnxruntime."""
