"""The dated schedule of a protocol, with its checks and decisions."""
