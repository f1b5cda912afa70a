"""Everything that changes a diagnosis."""
