"""Speaker embeddings on onnxruntime."""
