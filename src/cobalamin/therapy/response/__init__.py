"""What blood results and symptoms say about a treatment. Nothing here moves a date."""
