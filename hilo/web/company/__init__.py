"""Calendars, the company's own numbers, its processes, and each person's own settings."""
