"""The commands. Each loads only what it needs, so that help and version answer at once."""
