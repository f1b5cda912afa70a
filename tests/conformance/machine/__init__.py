"""Everything anybody can do to a company, at random or by a script, and what must hold after each step."""
