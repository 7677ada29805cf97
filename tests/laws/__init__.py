"""Laws: what must hold for every patient and every date, tried on made-up ones by Hypothesis."""
