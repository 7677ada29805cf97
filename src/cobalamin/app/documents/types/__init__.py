"""The shapes of the JSON documents."""
