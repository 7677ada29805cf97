"""The world's formats, read into our values and written from them. Nothing is decided here."""
