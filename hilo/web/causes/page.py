"""The page of one search for causes as a value: its line with the marks, branches, actions, the next list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.parties.actor import Actor
from hilo.parties.permissions import may
from hilo.quality.access import is_own_case
from hilo.quality.models import Analysis, Case, CauseKind, Lesson, Why
from hilo.web.base.saying import NO_BREAK
from hilo.web.causes.action_words import ActionRow, action_row
from hilo.web.causes.fetching import works_on
from hilo.web.causes.process_line import Mark, MarkKind, Place, ProcessLine
from hilo.web.causes.words import cause_name, said_day
from hilo.work.models import Step, TemplateVersion

BRANCHES = "ABCDEF"
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Branch:
    """The chain of answers below one letter; ``last`` is the one that the next answer explains."""

    letter: str
    title: str
    whys: list[Why]

    @property
    def last(self) -> Why | None:
        return self.whys[-1] if self.whys else None

    @property
    def root(self) -> Why | None:
        return next((why for why in self.whys if why.is_root), None)

    @property
    def next_number(self) -> int:
        return self.last.depth + 1 if self.last else 1

    @property
    def question(self) -> str:
        if self.last is None:
            return self.title.partition(". ")[2]
        return _("And why was that?")


@dataclass(frozen=True, slots=True)
class ListLine:
    text: str
    is_new: bool = False
    code: str = ""  # of the case it comes from


@dataclass(frozen=True, slots=True)
class NextList:
    """The list at the place where it got lost, as the template's next draft has it."""

    title: str
    lines: list[ListLine]
    more: int
    number: int  # of the draft that gets the line
    draft: TemplateVersion | None
    step: Step
    where: str


@dataclass(frozen=True, slots=True)
class CausePage:
    case: Case
    analysis: Analysis | None
    others_of_analysis: list[Case]
    line: ProcessLine
    branches: list[Branch]
    actions: list[ActionRow]
    lessons: list[Lesson]
    next_list: NextList | None
    may_work: bool
    team: str
    kicker: str
    headline: str

    @property
    def is_open(self) -> bool:
        return self.analysis is not None and self.analysis.state == Analysis.State.OPEN

    @property
    def can_change(self) -> bool:
        return self.may_work and self.is_open

    @property
    def next_letter(self) -> str:
        return BRANCHES[len(self.branches)] if len(self.branches) < len(BRANCHES) else ""


def analysis_of(case: Case) -> Analysis | None:
    rows = Analysis.objects.select_related(
        "cause",
        "owner",
        "lost_at__area",
        "lost_from_area",
        "lost_at__template_version__template",
        "visible_at__template_version",
        "seen_at__template_version",
    )
    return rows.filter(analysed__case=case).first()


def page_of(case: Case, actor: Actor, *, now: datetime) -> CausePage:
    analysis = analysis_of(case)
    today = timezone.localtime(now).date()
    version = version_of(case, analysis)
    return CausePage(
        case=case,
        analysis=analysis,
        others_of_analysis=_other_cases(case, analysis),
        line=line_of(analysis, steps_of(version), today),
        branches=branches_of(analysis) if analysis else [],
        actions=_actions(analysis, actor, now) if analysis else [],
        lessons=_lessons(analysis) if analysis else [],
        next_list=next_list_of(analysis, case) if analysis else None,
        may_work=_may_work(case, analysis, actor),
        team=_team(analysis) if analysis else "",
        kicker=_kicker(analysis),
        headline=_headline(case, analysis),
    )


def _may_work(case: Case, analysis: Analysis | None, actor: Actor) -> bool:
    own = is_own_case(actor, case) if analysis is None else works_on(actor, analysis)
    return may(actor, "cause.work", own=own)


def _other_cases(case: Case, analysis: Analysis | None) -> list[Case]:
    if analysis is None:
        return []
    rows = Case.objects.filter(analysed__analysis=analysis).exclude(pk=case.pk)
    return list(rows.select_related("thread__customer").order_by("received_at", "pk"))


def _kicker(analysis: Analysis | None) -> str:
    if analysis is None:
        return _("Not begun yet")
    if analysis.state == Analysis.State.CONCLUDED:
        return _("Conclusion")
    return _("For now") if analysis.lost_at else _("Under way")


def _headline(case: Case, analysis: Analysis | None) -> str:
    """The conclusion; before there is one, what is known of the place, or what happened."""
    if analysis is None:
        return _("Nobody has looked for the cause of this case yet")
    if analysis.conclusion:
        return analysis.conclusion
    if analysis.lost_at is not None:
        return _("It got lost in %(place)s") % {"place": place_in_sentence(analysis)}
    return analysis.what_happened


def place_in_sentence(analysis: Analysis) -> str:
    step = analysis.lost_at
    assert step is not None
    if not analysis.lost_at_entry:
        return _("the step «%(step)s»") % {"step": step.name}
    if analysis.lost_from_area is None:
        return _("the handoff to %(to)s") % {"to": step.area.name}
    facts = {"from": analysis.lost_from_area.name, "to": step.area.name}
    return _("the handoff from %(from)s to %(to)s") % facts


def _team(analysis: Analysis) -> str:
    """Facilita Daniel Ferrer con Posventa, Comercial y Producción."""
    names = [each.area.name for each in analysis.team.select_related("area").order_by("area__name")]
    if not names:
        return _("%(who)s facilitates") % {"who": analysis.owner.name}
    return _("%(who)s facilitates, with %(areas)s") % {"who": analysis.owner.name, "areas": joined(names)}


def joined(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(all)s and %(last)s") % {"all": ", ".join(names[:-1]), "last": names[-1]}


# The process line -----------------------------------------------------------------------------------------


def version_of(case: Case, analysis: Analysis | None) -> TemplateVersion | None:
    """The one that the marks stand in; else the thread's; else the one published for its kind."""
    for step in (analysis.lost_at, analysis.visible_at, analysis.seen_at) if analysis else ():
        if step is not None:
            return step.template_version
    rows = TemplateVersion.objects.select_related("template")
    run = rows.filter(pk__in=case.thread.work_items.exclude(kind="case").values("template_version")).first()
    published = rows.filter(template__kind=case.thread.kind, state=TemplateVersion.State.PUBLISHED)
    return run or published.order_by("-published_at", "-pk").first()


def steps_of(version: TemplateVersion | None) -> list[Step]:
    return list(version.steps.select_related("area")) if version else []


def steps_to_choose(case: Case, analysis: Analysis | None) -> QuerySet[Step]:
    """Of the thread's own process first, then of every process in force."""
    own = version_of(case, analysis)
    versions = set(
        TemplateVersion.objects.filter(state=TemplateVersion.State.PUBLISHED).values_list("pk", flat=True)
    )
    if own is not None:
        versions -= set(own.template.versions.values_list("pk", flat=True))
        versions.add(own.pk)
    rows = Step.objects.filter(template_version__in=versions)
    return rows.select_related("area", "template_version__template").order_by(
        "template_version__template__name", "template_version_id", "position"
    )


def line_of(analysis: Analysis | None, steps: Sequence[Step], today: date) -> ProcessLine:
    if analysis is None:
        return ProcessLine(tuple(Place(step.name) for step in steps))
    marks = _marks(analysis, today)
    places: list[Place] = []
    for step in steps:
        at = [mark for key, mark in marks if key == step.key]
        lost = [mark for mark in at if mark.kind == "lost"]
        if lost and analysis.lost_at_entry:
            places.append(Place(_("Handoff to %(area)s") % {"area": step.area.name}, tuple(lost)))
            at = [mark for mark in at if mark.kind != "lost"]
        places.append(Place(step.name, tuple(at)))
    return ProcessLine(tuple(places))


def _marks(analysis: Analysis, today: date) -> list[tuple[str, Mark]]:
    given: tuple[tuple[MarkKind, Step | None, date | None], ...] = (
        ("lost", analysis.lost_at, analysis.lost_on),
        ("visible", analysis.visible_at, analysis.visible_on),
        ("seen", analysis.seen_at, analysis.seen_on),
    )
    return [(step.key, _mark(kind, on, today)) for kind, step, on in given if step is not None]


def _mark(kind: MarkKind, on: date | None, today: date) -> Mark:
    words = {
        "lost": _("It got lost here"),
        "visible": _("It could be seen here"),
        "seen": _("The customer saw it here"),
    }
    if on is None:
        return Mark(kind, words[kind])
    day = said_day(on, today).replace(" ", NO_BREAK)
    return Mark(kind, f"{words[kind]} ·{NO_BREAK}{day}")


# Whys -----------------------------------------------------------------------------------------------------


def branches_of(analysis: Analysis) -> list[Branch]:
    """A and B are always there; further ones as they were opened."""
    whys = list(analysis.whys.filter(removed_at__isnull=True).order_by("branch", "depth", "pk"))
    letters = sorted({"A", "B"} | {why.branch for why in whys})
    return [
        Branch(letter, branch_title(letter), [why for why in whys if why.branch == letter])
        for letter in letters
    ]


def branch_title(letter: str) -> str:
    if letter == "A":
        return _("A. Why did it happen?")
    if letter == "B":
        return _("B. Why did we not see it first?")
    return _("%(letter)s. Why else could it happen?") % {"letter": letter}


# Actions and lists ----------------------------------------------------------------------------------------


def _actions(analysis: Analysis, actor: Actor, now: datetime) -> list[ActionRow]:
    rows = analysis.actions.select_related("owner", "checker", "area").order_by("created_at", "pk")
    return [action_row(each, actor, now) for each in rows]


def _lessons(analysis: Analysis) -> list[Lesson]:
    return list(analysis.lessons.select_related("draft", "template").order_by("at", "pk"))


def next_list_of(analysis: Analysis, case: Case) -> NextList | None:
    """None while nobody has marked where it got lost: there is no list yet to add to."""
    step = analysis.lost_at
    if step is None:
        return None
    versions = list(step.template_version.template.versions.order_by("-number"))
    draft = next((each for each in versions if each.state == TemplateVersion.State.DRAFT), None)
    published = next((each for each in versions if each.state == TemplateVersion.State.PUBLISHED), None)
    shown = draft or published or step.template_version
    there = shown.steps.filter(key=step.key).first() or step
    where = Lesson.Where.HANDOFF if analysis.lost_at_entry else Lesson.Where.EXIT
    lines = _lines(there, where, _codes_of_lessons(step))
    fresh = [line for line in lines if line.is_new]
    old = [line for line in lines if not line.is_new][: max(MOST_LINES - len(fresh), 1)]
    return NextList(
        title=_list_title(analysis, step),
        lines=old + fresh,
        more=len(lines) - len(old) - len(fresh),
        number=draft.number if draft else versions[0].number + 1,
        draft=draft,
        step=step,
        where=where,
    )


def _list_title(analysis: Analysis, step: Step) -> str:
    if not analysis.lost_at_entry:
        return _("Before leaving the step «%(step)s»") % {"step": step.name}
    if analysis.lost_from_area is None:
        return _("List of the handoff to %(to)s") % {"to": step.area.name}
    facts = {"from": analysis.lost_from_area.name, "to": step.area.name}
    return _("List of the handoff from %(from)s to %(to)s") % facts


def _codes_of_lessons(step: Step) -> dict[str, str]:
    """By the key and by the words of a line: the case it comes from."""
    rows = (
        Lesson.objects.filter(template=step.template_version.template, step_key=step.key)
        .prefetch_related(Prefetch("analysis__analysed__case"))
        .order_by("pk")
    )
    codes: dict[str, str] = {}
    for lesson in rows:
        code = next((each.case.code for each in lesson.analysis.analysed.all()), "")
        codes[lesson.key] = codes[lesson.text] = code
    return codes


def _lines(step: Step, where: str, codes: dict[str, str]) -> list[ListLine]:
    return [
        ListLine(text, key in codes or text in codes, codes.get(key) or codes.get(text, ""))
        for key, text in _texts(step, where)
    ]


def _texts(step: Step, where: str) -> Iterable[tuple[str, str]]:
    entries = step.needs if where == Lesson.Where.HANDOFF else step.exit_checklist
    for entry in entries:
        if isinstance(entry, dict):
            yield str(entry.get("key", "")), str(entry.get("text", ""))
        else:
            yield "", str(entry)


# The catalogue --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    cause: CauseKind
    name: str
    count: int


def catalogue(counts: dict[int, int], *, chosen: CauseKind | None = None) -> list[CatalogueRow]:
    """The most frequent first; one retired meanwhile stays while it is the chosen one."""
    causes = [each for each in CauseKind.objects.all() if each.is_active or each == chosen]
    rows = [CatalogueRow(each, cause_name(each), counts.get(each.pk, 0)) for each in causes]
    return sorted(rows, key=lambda row: (-row.count, row.cause.position, row.cause.pk))


def counted_sentence(cause: CauseKind | None, times: int, money: str) -> str:
    if cause is None or not times:
        return ""
    facts = {"cause": cause_name(cause), "count": times, "money": money}
    said = ngettext(
        "Cause of the catalogue: %(cause)s. It is the first time in 12 months.",
        "Cause of the catalogue: %(cause)s. It is time number %(count)d in 12 months.",
        times,
    )
    behind = ngettext(
        "There are %(money)s behind it.", "There are %(money)s behind the %(count)d cases.", times
    )
    return f"{said % facts} {behind % facts}" if money else said % facts
