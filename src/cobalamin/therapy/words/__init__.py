"""Regimens and schedules in words."""
