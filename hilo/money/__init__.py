"""Invoices as the ERP issued them, and the money behind customers, threads and cases (SPEC 8.1)."""
