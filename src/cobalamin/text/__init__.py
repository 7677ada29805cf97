"""Days and safe text, in words."""
