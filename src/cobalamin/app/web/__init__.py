"""The web pages: one person's plan, on one's own computer. Pages ask and tell; nothing is decided here."""
