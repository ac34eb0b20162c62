"""Pooling what trials found: pairs of treatments and networks of them."""
