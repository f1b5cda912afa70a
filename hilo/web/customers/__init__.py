"""*Clientes*: who they are, everything we do for them on one page, and their people."""
