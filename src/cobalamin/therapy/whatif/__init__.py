"""The unknown facts that would change the answer."""
