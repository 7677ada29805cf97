"""One person's case file: read with every fault, appended to byte for byte. Nothing is decided here."""
