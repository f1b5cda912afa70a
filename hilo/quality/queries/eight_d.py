"""The same facts in the order that a customer's quality people ask for: 8D (DOMAIN 4).

Nobody is named as a cause: the team is areas, root and escape point are places and answers with evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hilo.parties.models import Area
from hilo.quality.analysing import cases_of
from hilo.quality.models import Analysis, Case, CorrectiveAction, Lesson, Why
from hilo.work.models import Step

State = CorrectiveAction.State
_CHOSEN = (State.OPEN, State.WATCHING, State.TO_JUDGE, State.EFFECTIVE)
_DONE = (State.WATCHING, State.TO_JUDGE, State.EFFECTIVE)


@dataclass(frozen=True, slots=True)
class Root:
    """A branch with what it ends at; ``is_proven``: a root cause with its evidence was marked."""

    branch: str
    whys: list[Why]
    roots: list[Why]

    @property
    def is_proven(self) -> bool:
        return bool(self.roots)

    @property
    def without_evidence(self) -> list[Why]:
        return [why for why in self.whys if not why.evidence]


@dataclass(frozen=True, slots=True)
class EightD:
    """One field per discipline; ``missing`` names those with nothing to show yet."""

    analysis: Analysis
    d0_first_reaction: list[Case]  # severity, acknowledged when: on the case
    d1_team: list[Area]
    d2_problem: str
    d3_containment: list[Case]
    d4_roots: list[Root]
    d4_lost_at: Step | None
    d4_escaped_at: Step | None
    d5_chosen: list[CorrectiveAction]
    d6_done: list[CorrectiveAction]
    d7_prevented: list[CorrectiveAction]
    d7_lessons: list[Lesson]
    d8_closed_at: datetime | None

    @property
    def missing(self) -> tuple[str, ...]:
        shown = {
            "D1": self.d1_team,
            "D3": self.d3_containment,
            "D4": self.d4_lost_at and all(root.is_proven for root in self.d4_roots) and self.d4_roots,
            "D5": self.d5_chosen,
            "D6": self.d6_done and len(self.d6_done) == len(self.d5_chosen),
            "D7": self.d7_prevented or self.d7_lessons,
            "D8": self.d8_closed_at,
        }
        return tuple(name for name, something in shown.items() if not something)


def eight_d(analysis: Analysis) -> EightD:
    """Of an analysis that whoever asks may see; seven queries."""
    cases = cases_of(analysis)
    actions = list(analysis.actions.select_related("owner", "checker", "area").order_by("due_at", "pk"))
    lessons = list(analysis.lessons.select_related("template").order_by("pk"))
    return EightD(
        analysis=analysis,
        d0_first_reaction=cases,
        d1_team=[each.area for each in analysis.team.select_related("area").order_by("area__name")],
        d2_problem=analysis.what_happened,
        d3_containment=[case for case in cases if case.containment],
        d4_roots=branches_of(analysis),
        d4_lost_at=analysis.lost_at,
        d4_escaped_at=analysis.visible_at,
        d5_chosen=[each for each in actions if each.state in _CHOSEN],
        d6_done=[each for each in actions if each.state in _DONE],
        d7_prevented=[each for each in actions if each.kind == "preventive" and each.state in _CHOSEN],
        d7_lessons=lessons,
        d8_closed_at=_closed_at(analysis, cases, actions),
    )


def branches_of(analysis: Analysis) -> list[Root]:
    """Branch by branch, the answers in the order in which each explains the one before."""
    whys = list(analysis.whys.filter(removed_at__isnull=True).order_by("branch", "depth", "pk"))
    letters = sorted({why.branch for why in whys})
    return [_branch(letter, [why for why in whys if why.branch == letter]) for letter in letters]


def _branch(letter: str, whys: list[Why]) -> Root:
    return Root(letter, whys, [why for why in whys if why.is_root])


def _closed_at(analysis: Analysis, cases: list[Case], actions: list[CorrectiveAction]) -> datetime | None:
    """The last of: concluded, every case closed, every action judged to work or dropped."""
    if analysis.concluded_at is None or any(case.closed_at is None for case in cases):
        return None
    if any(action.state not in (State.EFFECTIVE, State.DROPPED) for action in actions):
        return None
    moments = [analysis.concluded_at, *(case.closed_at for case in cases)]
    moments += [action.judged_at for action in actions]
    return max(moment for moment in moments if moment is not None)
