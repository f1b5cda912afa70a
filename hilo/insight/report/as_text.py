"""The diagnosis on one screen of a terminal: what was read, what was taken for what, and the findings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from hilo.insight.raw import Role
from hilo.insight.report.markup import printable
from hilo.insight.report.page import Page
from hilo.insight.report.sections.findings import cost_range
from hilo.insight.report.sections.opening import headline
from hilo.insight.report.voice import Voice, shortened
from hilo.insight.report.wording import CERTAINTIES, ROLES, certainty_of, size_of
from hilo.insight.results import Diagnosis, Finding, Taken
from hilo.insight.speaking import Said, _, ngettext

LINES, FINDINGS, NOTES = 40, 5, 3
_LONGEST = 400  # letters of a sentence: a name of a thousand letters must not push the rest off the screen


def to_terminal(diagnosis: Diagnosis, lang: str, width: int = 80, written: Sequence[Path] = ()) -> str:
    """At most 40 lines. ``written`` are the files that hold the rest."""
    page = Page(diagnosis, Voice(lang))
    width = max(width, 40)
    ends = list(_written(page, written))
    body = [*_read(page, width), "", *_mapped(page, width), "", *_findings(page, width)]
    body += _notes(page, width, LINES - len(body) - len(ends) - 1)
    lines = [*body[: LINES - len(ends)], *ends]
    return "\n".join(lines)


def _plain(page: Page, said: Said) -> str:
    return _one_line(page.voice.plain(said))


def _one_line(words: str) -> str:
    """Names may hold anything: no line breaks, and no escape that the terminal would obey."""
    return shortened(" ".join(printable(words).split()), _LONGEST)


def _wrapped(words: str, width: int, first: str = "", other: str = "") -> list[str]:
    return textwrap.wrap(
        words, width, initial_indent=first, subsequent_indent=other, max_lines=4, placeholder=" …"
    )


def _read(page: Page, width: int) -> Iterator[str]:
    log = page.diagnosis.log
    files = ", ".join(file.name for file in log.files[:2]) + (" …" if len(log.files) > 2 else "")
    yield from _wrapped(f"{_one_line(files)} · {_plain(page, size_of(log))}", width)[:2]


def _mapped(page: Page, width: int) -> Iterator[str]:
    """Two columns a line where they fit: what was taken for what, and how sure that is."""
    entries = [_entry(page, role, taken, width) for role, taken in page.diagnosis.mapping.items()]
    half = width // 2 - 1
    if all(len(entry) <= half for entry in entries):
        pairs = zip(entries[::2], [*entries[1::2], ""], strict=False)
        entries = [f"{left:<{half}}  {right}".rstrip() for left, right in pairs]
    yield _plain(page, _("Taken for:"))
    yield from (shortened(f"  {entry}", width) for entry in entries[:8])


def _entry(page: Page, role: Role, taken: Taken, width: int) -> str:
    called = _plain(page, ROLES[role])
    sure = _plain(page, _("you said so")) if taken.chosen else page.voice.share(taken.certainty, 0)
    return f"{called}: {shortened(_one_line(taken.column), width // 2)} ({sure})"


def _findings(page: Page, width: int) -> Iterator[str]:
    yield from _wrapped(_plain(page, headline(page)), width)
    for number, finding in enumerate(page.diagnosis.findings[:FINDINGS], start=1):
        yield from _finding(page, finding, number, width)
    left = len(page.diagnosis.findings) - FINDINGS
    if left > 0:
        yield _plain(page, ngettext("%(n)s finding more", "%(n)s findings more", n=left))


def _finding(page: Page, finding: Finding, number: int, width: int) -> list[str]:
    facts = [_plain(page, CERTAINTIES[certainty_of(finding)])]
    if finding.cost_hours > 0:
        facts.insert(0, page.voice.hours(finding.cost_hours) + _cost_range(page, finding))
    sentence = f"{_plain(page, finding.text)} [{', '.join(facts)}]"
    monday = f"{_plain(page, _('On Monday'))} · {_plain(page, finding.on_monday)}"
    return [
        *_wrapped(sentence, width, " - " if finding.is_of_few else f"{number}. ", "   ")[:3],
        *_wrapped(monday, width, "   ", "   ")[:2],
    ]


def _cost_range(page: Page, finding: Finding) -> str:
    return f" ({cost_range(page, finding)})" if finding.cost_interval else ""


def _notes(page: Page, width: int, room: int) -> list[str]:
    notes = page.diagnosis.log.notes
    if not notes or room < 3:
        return []
    lines = ["", _plain(page, _("What this log cannot tell:"))]
    for note in notes[:NOTES]:
        wrapped = _wrapped(_plain(page, note), width, "- ", "  ")[:2]
        if len(lines) + len(wrapped) > room:
            break
        lines += wrapped
    return lines if len(lines) > 2 else []


def _written(page: Page, written: Sequence[Path]) -> Iterator[str]:
    if written:
        yield ""
    for path in written:
        yield _plain(page, _("Written: %(file)s", file=str(path)))
