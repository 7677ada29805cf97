"""The answers as text on a terminal."""
