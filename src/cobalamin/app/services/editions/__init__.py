"""What changed between two editions of the library, in sentences for a clinician."""
