"""`simulate`: from a case or typed regimens to curves."""
