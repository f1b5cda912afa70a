"""On PostgreSQL the application signs in as a role that does not own the ledger.

The owner runs the migrations. The application's role may read and append; it can neither change history nor
drop or disable the triggers that refuse it. Run this again after migrations that add tables.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from hilo.ledger.guards import HISTORY, TABLES, TEXTS


def grant_application_role(role: str) -> None:
    """Give ``role`` what running Hilo needs, and of the ledger only SELECT and INSERT.

    Erasing a private text (GDPR) is an UPDATE of three columns; the trigger allows nothing else of it.
    """
    if connection.vendor != "postgresql":
        raise ImproperlyConfigured("Only PostgreSQL has roles; on SQLite whoever has the file has it all.")
    _refuse_masters(role)
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        for statement in _grants(name):
            cursor.execute(statement)


def _grants(name: str) -> list[str]:
    ledger, history = ", ".join(TABLES), ", ".join(HISTORY)
    return [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE ALL ON {ledger} FROM {name}",
        f"GRANT SELECT, INSERT ON {history} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE (body, key, erased_at) ON {TEXTS} TO {name}",
    ]


def _refuse_masters(role: str) -> None:
    """A grant takes nothing away from a superuser, or from whoever may act as the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR EXISTS (SELECT 1 FROM pg_class WHERE relname = ANY(%s) "
            "AND pg_has_role(pg_roles.oid, relowner, 'MEMBER')) FROM pg_roles WHERE rolname = %s",
            [list(TABLES), role],
        )
        found = cursor.fetchone()
    if found is None:
        raise ImproperlyConfigured(f"There is no role {role!r}. Create it first: CREATE ROLE … LOGIN.")
    if found[0]:
        raise ImproperlyConfigured(f"{role!r} owns the ledger or is a superuser. Take another role.")
