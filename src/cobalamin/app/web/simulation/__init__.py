"""The pages of the simulation and of its model."""
