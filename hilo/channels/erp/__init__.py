"""The ERP feed: a watched folder of CSV files, read-only towards the ERP (SPEC 12.8; docs/erp.md).

The way of a file: ``folder`` says which are ready, ``mapping`` which column is what, ``reading`` makes rows
of them, ``grouping`` puts together what belongs in one transaction, the appliers (``customers``, ``orders``,
``deliveries``, ``bills``) call the commands, ``settling`` keeps what came too early and takes it up again,
``reporting`` writes what was refused. ``running`` does it all.
"""
