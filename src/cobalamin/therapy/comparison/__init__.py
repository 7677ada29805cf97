"""Protocols side by side: where and why they differ."""
