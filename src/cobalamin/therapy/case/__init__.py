"""What is known of one person: facts, record, three-valued logic, criteria, issues."""
