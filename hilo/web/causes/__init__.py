"""Why it could happen, what changes so that it cannot again, and the catalogue and policy behind it."""
