"""One digest for each measure: equal where two engines give the same answer to nine figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, fields, is_dataclass

from hilo.insight.expressions.answering import Answers
from hilo.insight.results import Measures

NOUNS = [field.name for field in fields(Answers)]


def digests(found: Answers | Measures) -> dict[str, str]:
    return {noun: _digest(getattr(found, noun)) for noun in NOUNS}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(plain(value)).encode()).hexdigest()[:16]


def plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return plain(astuple(value))
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, dict):
        return plain(list(value.items()))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value
