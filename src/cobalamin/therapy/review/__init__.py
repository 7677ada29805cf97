"""Every dose judged, what is due, what is open, and why."""
