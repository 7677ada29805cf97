"""The tests a library must pass."""
