"""A log to try: two years of orders of a company that never was, as an ERP would export them.

``python tools/make_example.py`` simulates it; its faults are known, and listed there.
"""

from __future__ import annotations

from pathlib import Path


def path() -> Path:
    return Path(__file__).with_name("pedidos.csv.gz")
