"""Sheets and letters as PDF."""
