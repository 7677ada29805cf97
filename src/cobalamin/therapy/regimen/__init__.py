"""A protocol with its choices, compiled for the fold and run forward."""
