"""Propose, plan, review: pure decisions over facts, a library and a record. No clock, no files, no randomness."""
