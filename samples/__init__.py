"""Sample calls of an invented bank: the scripts, the renderer that speaks them, and the truth about them."""
