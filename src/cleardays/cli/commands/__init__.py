"""One module a command; each has `run(arguments, prog)` and is imported only when called."""
