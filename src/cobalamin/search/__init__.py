"""Sentences of the library that answer a question, found by full text."""
