"""Confirm, cause, severity, treat: what recorded results and facts suggest. Nothing here sets a fact."""
