"""Personal data found, classified and masked: pure functions over text."""
