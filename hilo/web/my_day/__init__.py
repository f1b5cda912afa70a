"""Mi día: what I owe today, in the order in which it hurts the customer."""
