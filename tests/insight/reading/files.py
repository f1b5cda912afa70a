"""Small files as people hand them over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hilo.insight.raw import RawTable, Unreadable
from hilo.insight.reading import read

HEAD = "case,activity,when"
ROWS = ["1,Pedido,2024-01-02 10:00:00", "1,Envío,2024-01-03 11:00:00", "2,Pedido,2024-01-04 12:30:00"]
LOG = "\n".join([HEAD, *ROWS, ""])


def table_of(folder: Path, content: str | bytes, name: str = "log.csv") -> RawTable:
    return read([written(folder, content, name)])


def written(folder: Path, content: str | bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal_of(folder: Path, content: str | bytes, name: str = "log.csv") -> str:
    with pytest.raises(Unreadable) as refused:
        table_of(folder, content, name)
    return str(refused.value.said)


def column(folder: Path, name: str, values: Sequence[str], *, separator: str = ",") -> RawTable:
    """A log whose column ``name`` has ``values``."""
    rows = [f"c{number}{separator}{quoted(value, separator)}" for number, value in enumerate(values)]
    return table_of(folder, "\n".join([f"case{separator}{name}", *rows, ""]))


def quoted(value: str, separator: str) -> str:
    return f'"{value}"' if separator in value or "\n" in value else value


def remarks(table: RawTable) -> list[str]:
    return [str(remark) for remark in table.remarks]
