"""Propose and plan: pure decisions over facts, a library and a record. No clock, no files, no randomness."""
