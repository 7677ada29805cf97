"""What may be offered, what to ask first, what is excluded and why."""
