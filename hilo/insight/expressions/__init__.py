"""The measures as Ibis expressions: one text of each definition for DuckDB, PostgreSQL and those to come.

The arrays of hilo.insight.measures are the fast path (docs/adr/0004-arrays-beside-ibis.md); the conformance
suite in tests/insight/engines holds both to the same answers.
"""
