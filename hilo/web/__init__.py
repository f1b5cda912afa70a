"""What people see: one folder per screen family, on top of the shared base."""
