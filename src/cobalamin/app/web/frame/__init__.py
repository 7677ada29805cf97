"""What every page shares: the site, its guard, its folder, forms, saving, faults."""
