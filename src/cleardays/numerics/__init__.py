"""Shared numerics: arrays in, arrays out; no word of medicine. Imports numpy only."""
