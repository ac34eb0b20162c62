"""Where stories are kept for years: an append-only book of events, on SQLite or PostgreSQL."""
