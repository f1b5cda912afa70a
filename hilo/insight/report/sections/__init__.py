"""The parts of the HTML report, one module each, in the order in which ``page`` puts them."""
