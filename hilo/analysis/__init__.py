"""Diagnoses that are kept: files come in, ``hilo.insight`` reads them apart, the report stays.

No Django is imported here: the process that does the reading (``apart``) starts without it.
"""
