"""Money on the screens of customers and threads, and what the ERP sent, for the administrator."""
