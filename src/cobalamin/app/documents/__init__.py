"""The answers as JSON documents, and their schemas."""
