"""From a file to a sealed, transcribed, inspected recording."""
