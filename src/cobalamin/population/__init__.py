"""Many patients at once: the same fold over sorted batches of events."""
