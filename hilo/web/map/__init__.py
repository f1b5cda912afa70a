"""A thread's map and plan, the week of reviews, the calendar outside (docs/map-and-planning.md)."""
