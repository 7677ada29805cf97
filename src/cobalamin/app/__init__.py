"""Interfaces: services, documents, terminal, paper, calendar, pictures, web pages, command line; settings and the clock."""
