"""*Personas y áreas*: who works where, who leads, who is away, who leaves, and how areas change."""
