"""Ctrl K: customers, threads, people, contacts, pages and what one wants to do, from wherever one is."""
