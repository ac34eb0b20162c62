"""Who comes in to a clinic's server: passwords, passkeys, sessions, and what is written down of every look at data."""
