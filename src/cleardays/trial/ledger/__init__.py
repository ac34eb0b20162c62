"""The preventives that were tried: what each did, and whether it was tried for long enough by a payer's rule."""
