"""What the model was fitted to and is checked against: published experiments, cohorts and trials."""
