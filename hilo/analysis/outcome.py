"""What can come of reading a log, as the process apart hands it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

type Sentence = Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class Report:
    """``result`` names its folder, once it is kept; ``headline`` is the first finding, by language, empty
    when nothing was found."""

    cases: int
    events: int
    findings: int
    headline: dict[str, str]
    result: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What each column is cannot be told."""


@dataclass(frozen=True, slots=True)
class Refusal:
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class TooLong: ...


@dataclass(frozen=True, slots=True)
class TooLarge:
    """It needed more memory than it may have."""


@dataclass(frozen=True, slots=True)
class Crash:
    """A fault of ours; ``trace`` is its story for the log."""

    trace: str


@dataclass(frozen=True, slots=True)
class Called:
    """Ended by us: nobody waits for it any more."""


type Outcome = Report | Question | Refusal | TooLong | TooLarge | Crash | Called
