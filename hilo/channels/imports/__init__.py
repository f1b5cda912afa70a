"""Customers, contacts and threads from the files of other systems: bytes in, dataclasses out.

Nothing here writes to the database. The way through, in the order of the calls::

    table = open_table(path)                                  # Unreadable: no table at all
    mapping = guess_mapping(table, What.THREADS, Source.SALESFORCE).overridden(["Etapa=stage"])
    intake = Intake(table, mapping, Assumptions(...))         # Unreadable: a column cannot be settled
    check = intake.check(existing=known_customers, tell=bar)  # every row looked at; what --dry-run shows
    if check.refused:
        write_refused(table, check.refused)                   # beside the input, to correct and retry
    for row in intake.rows(): ...                             # the sound rows, for the applier

**All or nothing.** If any row is refused nothing is imported; ``--skip-refused`` imports the rest on
purpose. Rows that are none of ours (deleted there, a person in a file of companies) are skipped and
counted with their reason, and stop nothing.

**What an applier must provide**

1. ``existing``: a ``KnownCustomer`` for each customer, with the external ids this source gave it.
2. One transaction over all rows of a file, so that "nothing is imported" is true of its own refusals too.
   What only it can see it refuses as ``RefusedRow(row.number, column, sentence)``, gathered over the whole
   file like those of ``check``: a ``CustomerRef`` that leads to nobody or, by name, to several.
3. Idempotence: (source, kind, ``row.external_id``) is unique. A row seen before and unchanged changes
   nothing; ``external_id`` is never empty (``derived_id`` makes one where the export has none, always the
   same for the same company, person or title).
4. ``CustomerRef``: by ``external_id`` first, among what this source imported; by ``name`` only without one
   (compare with ``company_key``). ``parent`` may point at a later row of the same file.
5. What a thread needs and an export may lack: an owner here for ``owner_ref``, the next step (13 of 38
   real ones say none), the next news date, and whether closed ones (``is_closed``) are wanted at all.
   ``kind`` and ``stage`` are the other system's words. ``notes`` is its description, which is no purpose.
6. Remembering ``mapping.to_json()`` per (what, source); ``Mapping.from_json(text)`` may be used again for a
   file when ``fits(table.columns)``.

``row.number`` is the row's number in the spreadsheet, for sentences and progress. ``guarded`` must be used
by every export of the house that a spreadsheet may open.
"""

from hilo.channels.imports.building import derived_id
from hilo.channels.imports.duplicates import Duplicate, KnownCustomer, company_key, find_duplicates
from hilo.channels.imports.fields import (
    ContactRole,
    ContactRow,
    CustomerRef,
    CustomerRow,
    ImportedRow,
    Source,
    ThreadRow,
    What,
)
from hilo.channels.imports.intake import Assumptions, Check, Intake, Result
from hilo.channels.imports.mapping import Choice, Mapping, guess_mapping
from hilo.channels.imports.refused import RefusedRow, Remark, Unreadable, guarded, write_refused
from hilo.channels.imports.settling import DayOrder, DecimalMark
from hilo.channels.imports.tables import Row, Table, open_table

__all__ = [
    "Assumptions",
    "Check",
    "Choice",
    "ContactRole",
    "ContactRow",
    "CustomerRef",
    "CustomerRow",
    "DayOrder",
    "DecimalMark",
    "Duplicate",
    "ImportedRow",
    "Intake",
    "KnownCustomer",
    "Mapping",
    "RefusedRow",
    "Remark",
    "Result",
    "Row",
    "Source",
    "Table",
    "ThreadRow",
    "Unreadable",
    "What",
    "company_key",
    "derived_id",
    "find_duplicates",
    "guarded",
    "guess_mapping",
    "open_table",
    "write_refused",
]
