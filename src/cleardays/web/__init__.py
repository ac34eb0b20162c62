"""Pages in a browser. For now one: a finished answer, shown on this machine only."""
