"""Commands: thin doors that parse, call one operation and print."""
