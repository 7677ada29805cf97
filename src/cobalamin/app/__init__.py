"""Doors and composition: services, command line, the clock, files."""
