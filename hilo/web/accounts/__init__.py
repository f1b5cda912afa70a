"""Coming in and going out: signing in with a second step, invitations, passwords, the first page of all."""
