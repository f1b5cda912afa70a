"""Repair well, tell the customer, then make it impossible: cases, causes, actions, praise (SPEC 7)."""
