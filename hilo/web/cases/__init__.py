"""Cases: the list, one case with its two clocks, opening one, and everything that can be done with it."""
