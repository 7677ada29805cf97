"""What a body does with doses of vitamin B12: a model of four states, seeded chance, no clock, no files but its own data.

It explains and compares. It never moves a due date and knows nothing of symptoms (docs/kinetics.md says what it can't claim).
"""
