"""What happens to our company, our people and our customers, as history keeps it."""
