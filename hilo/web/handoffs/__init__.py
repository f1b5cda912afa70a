"""Traspasos: what is offered to me, what I have offered, and the page of one handoff for either side."""
