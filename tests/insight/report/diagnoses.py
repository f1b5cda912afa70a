"""Diagnoses made by hand: one with everything in it, one with nothing to say, one that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hilo.insight.raw import ReadFile, Role
from hilo.insight.results import (
    Charted,
    Conformance,
    Diagnosis,
    Durations,
    Finding,
    Follows,
    Group,
    Handovers,
    Kind,
    Lateness,
    LogFacts,
    Measures,
    Queue,
    Rework,
    StepTime,
    Taken,
    UnitPair,
    Variant,
    Variants,
)
from hilo.insight.speaking import Said, _

BEGIN = datetime(2010, 3, 31, 14, tzinfo=UTC)
END = datetime(2012, 5, 22, 23, tzinfo=UTC)
WEEKS = tuple(BEGIN + timedelta(weeks=week) for week in range(40))

# from, to, times, mean hours, median hours
_FOLLOWS = (
    ("Queued", "In progress", 10696, 27.4, 0.72),
    ("In progress", "Queued", 8453, 11.6, 0.05),
    ("In progress", "In progress", 7285, 4.1, 0.02),
    ("Resolved", "Closed", 5704, 140.2, 176.7),
    ("In progress", "Resolved", 4038, 9.9, 0.06),
    ("In progress", "Wait for user", 3526, 8.4, 0.06),
    ("Assigned", "In progress", 3105, 21.5, 1.42),
    ("In progress", "Assigned", 2754, 3.3, 0.01),
    ("In progress", "Resolved in call", 2017, 1.7, 0.08),
    ("Wait for user", "In progress", 1518, 88.0, 24.2),
    ("Wait for user", "Resolved", 1423, 121.9, 67.4),
    ("In progress", "Wait", 1405, 5.8, 0.03),
    ("Wait for user", "Queued", 617, 30.1, 4.0),
    ("Wait", "In progress", 513, 47.7, 4.2),
    ("In progress", "Wait for implementation", 408, 5.1, 0.12),
    ("Wait", "Resolved", 310, 60.2, 6.5),
    ("Resolved", "In progress", 194, 35.1, 1.6),
    ("Closed", "In progress", 111, 120.0, 89.5),
)
_PAIRS = (
    ("Line C", "Line A2", 1112, 19.1, 0.9),
    ("Line A2", "Line C", 665, 18.4, 0.7),
    ("Line C", "Line B", 380, 7.2, 0.4),
    ("Other", "Line C", 224, 13.2, 0.9),
    ("Line B", "Line C", 174, 12.8, 0.6),
    ("Line C", "Other", 136, 10.9, 0.5),
    ("Other", "Line A2", 126, 15.1, 0.8),
    ("Line C", "Line V7n", 101, 238.8, 96.4),
    ("Line B", "Line A2", 99, 6.7, 0.4),
    ("Line A2", "Line V11", 94, 51.5, 20.2),
    ("Line A2", "Line B", 94, 9.1, 0.6),
    ("Line V11", "Line C", 87, 3.5, 0.3),
    ("Line A2", "Line V7n", 84, 204.0, 88.1),
    ("Line C", "Line V11", 79, 197.5, 64.0),
    ("Line V11", "Line A2", 77, 3.7, 0.3),
    ("Line V7n", "Line C", 76, 1.0, 0.1),
    ("Line V7n", "Line A2", 61, 5.8, 0.2),
    ("Line C", "Line G4", 59, 12.9, 0.9),
    ("Line G4", "Line C", 59, 13.1, 0.9),
    ("Line G4", "Line A2", 35, 28.1, 2.0),
    ("Line E", "Line C", 23, 21.0, 2.0),
    ("Line A2", "Line E", 19, 17.0, 2.0),
    ("Line D1", "Line C", 14, 8.0, 1.0),
    ("Line C", "Line D1", 9, 9.0, 1.0),
    ("Line V5", "Line C", 3, 400.0, 390.0),
)


def rich() -> Diagnosis:
    return Diagnosis(
        log=_log(),
        mapping=_mapping(),
        measures=_measures(),
        findings=findings(),
        timings={"reading": 1.1, "mapping": 0.2, "sorting": 0.1, "measuring": 0.6, "finding": 1.7},
    )


def _log() -> LogFacts:
    return LogFacts(
        cases=7554,
        events=65533,
        activities=11,
        people=1440,
        areas=25,
        sites=3,
        customers=420,
        begins=BEGIN,
        ends=END,
        files=(ReadFile("BPI_Challenge_2013_incidents.xes.gz", "xes", 65533, encoding="UTF-8"),),
        notes=(
            _("%(column)s", column="7551 / 7554 → 05/2012"),
            _("%(column)s", column="org:role = UNKNOWN (6950)"),
        ),
    )


def _mapping() -> dict[Role, Taken]:
    why = _("%(column)s", column="case:concept:name")
    return {
        Role.CASE: Taken("case:concept:name", 1.0, why),
        Role.ACTIVITY: Taken("concept:name", 0.97, why, ("lifecycle:transition",)),
        Role.TIME: Taken("time:timestamp", 1.0, why),
        Role.PERSON: Taken("org:resource", 0.93, why),
        Role.AREA: Taken("organization involved", 1.0, why, ("org:group", "org:role"), chosen=True),
        Role.SITE: Taken("country", 0.71, why),
        Role.CUSTOMER: Taken("customer", 0.88, why),
        Role.DUE: Taken("due", 0.9, why),
    }


def _measures() -> Measures:
    return Measures(
        durations=Durations(12.0793, 7.5491, 22.5555, 771.35),
        working_durations=Durations(4.1, 2.5, 7.9, 240.0),
        variants=_variants(),
        follows=tuple(
            Follows(source, target, count, max(count * 6 // 10, 1), mean, median)
            for source, target, count, mean, median in _FOLLOWS
        ),
        starts={"In progress": 6394, "Queued": 1156, "Resolved": 4},
        ends={"Closed": 5573, "Resolved in call": 1882, "Resolved": 91, "In progress": 8},
        rework=(Rework("In progress", 7184), Rework("Queued", 2638), Rework("Resolved", 514)),
        handovers=_handovers(),
        handovers_people=None,
        steps=_steps(),
        areas=_areas(),
        sites=(
            Group("Zaragoza", 3900, 7.1, (6.9, 7.4), -0.05, 0.4),
            Group("Sevilla", 2405, 7.4, (7.0, 7.9), 0.02, 0.6),
            Group("Vigo", 1249, 13.2, (11.9, 14.8), 0.31, 0.0001),
        ),
        customers=_customers(),
        segments={"product": (Group("PROD542", 75, 109.0, (94.0, 134.0), 0.86, 0.0), *_products())},
        charts=(_chart(),),
        queue=_queue(),
        lateness=Lateness(469, 69, 4, 69 / 469, (0.118, 0.182), 41.0),
        conformance=Conformance(
            _("%(column)s", column="Queued → In progress → Resolved → Closed"),
            4310,
            (("Closed", 1972), ("Queued", 1310)),
            (("Wait", 1115),),
            (("Resolved", "In progress", 514),),
        ),
    )


def _variants() -> Variants:
    i, q, w, r, c = "In progress", "Queued", "Wait for user", "Resolved", "Closed"
    return Variants(
        2278,
        (
            Variant((i, i, "Resolved in call"), 1754),
            Variant((i, i, r, c), 524),
            Variant((i, i, q, i, r, c), 352),
            Variant((q, i, r, c), 300),
            Variant((i, i, q, i, w, r, c), 203),
            Variant((i, i, q, i, q, i, r, c), 161),
            Variant((i, i, w, r, c), 124),
            Variant((i, q) * 12 + (r, c), 1),
        ),
    )


def _handovers() -> Handovers:
    pairs = tuple(UnitPair(a, b, n, max(n * 7 // 10, 1), mean, median) for a, b, n, mean, median in _PAIRS)
    return Handovers(
        count=sum(pair.count for pair in pairs),
        cases=2034,
        ordered_pairs=len(pairs),
        pairs=pairs,
        ping_pong_count=1876,
        ping_pong_cases=883,
        ping_pong_pairs=(
            UnitPair("Line C", "Line A2", 612, 283, 31.0, 4.0),
            UnitPair("Line A2", "Line C", 401, 190, 22.0, 3.0),
            UnitPair("Line C", "Line B", 118, 60, 12.0, 1.0),
            UnitPair("Line C", "Line V7n", 38, 21, 820.0, 400.0),
            UnitPair("Line A2", "Line V11", 22, 14, 690.0, 210.0),
            UnitPair("Line C", "Line V5", 2, 2, 690.0, 210.0),
        ),
        returns_count=2058,
        returns_cases=891,
    )


def _steps() -> tuple[StepTime, ...]:
    return (
        StepTime("In progress", 30215, 0.1, 9.8, 22.0, 296107.0),
        StepTime("Queued", 11536, 0.06, 11.2, 25.0, 129203.0),
        StepTime("Resolved", 6025, 0.2, 41.3, 120.0, 248832.0),
        StepTime("Closed", 5717, 176.7, 140.2, 183.8, 801523.0),
        StepTime("Wait for user", 4208, 0.1, 8.4, 19.0, 35347.0),
        StepTime("Assigned", 3216, 0.01, 3.3, 8.0, 10612.0),
        StepTime("Wait", 1533, 0.03, 5.8, 11.0, 8891.0),
        StepTime("Wait for implementation", 490, 0.12, 5.1, 9.0, 2499.0),
        StepTime("Unmatched", 4, 0.12, 5.1, 9.0, 20.0),
    )


def _areas() -> tuple[StepTime, ...]:
    return (
        StepTime("Line C", 6120, 0.4, 24.1, 50.0, 147601.0, 3.0, 428291.0),
        StepTime("Line A2", 1793, 0.9, 60.3, 140.0, 108269.0, 5.0, 315870.0),
        StepTime("Line V7n", 76, 91.0, 996.0, 2100.0, 75731.0, 400.0, 190917.0),
        StepTime("Line B", 625, 0.6, 22.3, 44.0, 13941.0, 4.0, 70593.0),
        StepTime("Line V11", 126, 60.0, 268.7, 600.0, 33856.0, 9.0, 20369.0),
        StepTime("Other", 558, 0.6, 39.8, 80.0, 22228.0, 4.0, 26260.0),
    )


def _customers() -> tuple[Group, ...]:
    plain = tuple(
        Group(f"Bodega {number}", 40 + number, 8.0 + number % 4, (6.0, 11.5), 0.03, 0.8)
        for number in range(40)
    )
    return (
        Group("Bodegas Roca Alta", 34, 18.0, (14.1, 23.0), 0.44, 0.003),
        *plain,
        Group("Quesos del Duero", 12, 9.0, (3.0, 30.0), 0.2, 0.6),
        Group("Uno de paso", 2, None, None, None, None),
    )


def _products() -> tuple[Group, ...]:
    return tuple(
        Group(f"PROD{n}", 900 - n, 0.5 + n / 600, (0.3, 1.6), -0.02, 0.7) for n in range(100, 800, 90)
    )


def _chart() -> Charted:
    values = tuple(5.5 + (week * 7 % 5) * 0.6 + (9.0 if week == 31 else 0.0) for week in range(40))
    return Charted(
        _("Median duration of the cases finished in the week, in days"),
        WEEKS,
        values,
        6.7,
        3.1,
        10.3,
        False,
        (31,),
        (38, 39),
    )


def _queue() -> Queue:
    arrived = tuple(150 + week * 9 % 37 for week in range(40))
    finished = tuple(145 + week * 5 % 31 for week in range(40))
    standing, counted = 84, list[int]()
    for come, gone in zip(arrived, finished, strict=True):
        standing = max(standing + come - gone, 0)
        counted.append(standing)
    return Queue(WEEKS, arrived, finished, tuple(counted))


def findings() -> tuple[Finding, ...]:
    cases = tuple(f"1-{580987781 + 7919 * number}" for number in range(40))
    return (
        _finding(Kind.SILENCE, {"activity": "Wait for user"}, 2490, 0.33, (0.319, 0.341), 462960.0, cases),
        _finding(Kind.SITE_DIFFERENCE, {"product": "PROD542"}, 75, 2616.0, (2256.0, 3216.0), 259008.0, cases),
        _finding(
            Kind.BORDER_WAIT, {"from": "Line C", "to": "Line V7n"}, 93, 0.49, (0.39, 0.59), 237864.0, cases
        ),
        _finding(
            Kind.PING_PONG, {"from": "Line C", "to": "Line A2"}, 1146, 0.152, (0.144, 0.16), 230424.0, cases
        ),
        _finding(Kind.REWORK, {"activity": "Resolved"}, 514, 0.068, (0.063, 0.074), 186072.0, cases),
        _finding(Kind.LATE, {"site": "Vigo"}, 22, 0.31, (0.16, 0.52), 9000.0, cases),
        _finding(Kind.GROWING_BACKLOG, {}, 131, 0.12, (0.05, 0.19), 0.0, ()),
    )


_TEXTS: dict[Kind, Said] = {
    Kind.SILENCE: _(
        "%(column)s",
        column="La mayor espera lleva la etiqueta «Wait for user», y el 70 % de ella se acumula en "
        "paradas de más de una semana.",
    ),
    Kind.SITE_DIFFERENCE: _(
        "%(column)s",
        column="Un solo producto, PROD542, reúne 17 de cada 100 días de espera con 1 de cada 100 "
        "incidencias.",
    ),
    Kind.BORDER_WAIT: _(
        "%(column)s",
        column="Los traspasos suelen ser rápidos; el daño está en los que se olvidan: el 9 % tarda "
        "más de dos días y suma el 85 % de la espera.",
    ),
    Kind.PING_PONG: _(
        "%(column)s",
        column="El 15 % de las incidencias va y vuelve entre los mismos dos equipos; en una de cada "
        "tres vueltas, el segundo apenas la toca.",
    ),
    Kind.REWORK: _(
        "%(column)s",
        column="Una de cada quince incidencias se dio por resuelta antes de tiempo y costó casi una "
        "semana más.",
    ),
}
_MONDAY = _(
    "%(column)s",
    column="sacar la lista de paradas de más de 7 días y escribir en cada una qué se preguntó, a "
    "quién y cuándo se insiste.",
)


def _finding(
    kind: Kind,
    where: dict[str, str],
    cases: int,
    effect: float,
    interval: tuple[float, float],
    cost_hours: float,
    evidence: tuple[str, ...],
) -> Finding:
    text = _TEXTS.get(kind) or _("%(column)s", column=f"{kind.value}: {', '.join(where.values())}")
    return Finding(kind, where, cases, effect, interval, cost_hours, None, text, evidence, _MONDAY)


def empty() -> Diagnosis:
    """One case of one event, no column but the three that every log has."""
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    why = _("%(column)s", column="x")
    facts = LogFacts(1, 1, 1, None, None, None, None, moment, moment, (ReadFile("uno.csv", "csv", 1),), ())
    measures = Measures(
        durations=Durations(0.0, 0.0, 0.0, 0.0),
        working_durations=None,
        variants=Variants(1, (Variant(("Alta",), 1),)),
        follows=(),
        starts={"Alta": 1},
        ends={"Alta": 1},
        rework=(),
        handovers=None,
        handovers_people=None,
        steps=(),
    )
    mapping = {role: Taken(role.value, 0.9, why) for role in (Role.CASE, Role.ACTIVITY, Role.TIME)}
    return Diagnosis(facts, mapping, measures, (), {})


HOSTILE = (
    "<script>alert('1')</script>",
    '"><img src=https://evil.example/x.png onerror=alert(1)>',
    "نقل العمل بين الأقسام " * 4,
    "🧵🪡 hilo 🧶 " * 8,
    "A" * 200,
    "url(https://evil.example/y) ]]> <!-- </style></textarea></title>",
    "nul\x00bell\x07 \ud800 \ue000marks\ue001 %(n)s %s {0}",
    "línea uno\nlínea dos\r\n\ttabulador",
)


def hostile() -> Diagnosis:
    """The rich one, with every name replaced by one that means harm."""
    taken: dict[str, str] = {}

    def harm(name: str) -> str:
        return taken.setdefault(name, f"{HOSTILE[len(taken) % len(HOSTILE)]} {len(taken)}")

    whole = rich()
    measures = whole.measures
    assert measures.handovers is not None
    handovers = replace(
        measures.handovers,
        pairs=tuple(_harmed(pair, harm) for pair in measures.handovers.pairs),
        ping_pong_pairs=tuple(_harmed(pair, harm) for pair in measures.handovers.ping_pong_pairs),
    )
    return replace(
        whole,
        log=replace(
            whole.log, files=(ReadFile(HOSTILE[1], "csv", 3),), notes=(_("%(column)s", column=HOSTILE[0]),)
        ),
        mapping={
            role: replace(one, column=harm(one.column), rivals=HOSTILE) for role, one in whole.mapping.items()
        },
        findings=tuple(
            replace(
                finding,
                where={key: harm(value) for key, value in finding.where.items()},
                text=_("%(column)s", column=HOSTILE[number]),
                on_monday=_("%(column)s", column=HOSTILE[-number]),
                evidence=HOSTILE,
            )
            for number, finding in enumerate(whole.findings)
        ),
        measures=replace(
            measures,
            handovers=handovers,
            follows=tuple(
                replace(one, source=harm(one.source), target=harm(one.target)) for one in measures.follows
            ),
            starts={harm(name): count for name, count in measures.starts.items()},
            ends={harm(name): count for name, count in measures.ends.items()},
            steps=tuple(replace(one, name=harm(one.name)) for one in measures.steps),
            areas=tuple(replace(one, name=harm(one.name)) for one in measures.areas),
            sites=tuple(replace(one, name=harm(one.name)) for one in measures.sites),
            segments={harm(name): groups for name, groups in measures.segments.items()},
            rework=tuple(replace(one, activity=harm(one.activity)) for one in measures.rework),
            variants=replace(
                measures.variants,
                top=tuple(
                    replace(one, activities=tuple(map(harm, one.activities))) for one in measures.variants.top
                ),
            ),
        ),
    )


def _harmed(pair: UnitPair, harm: object) -> UnitPair:
    assert callable(harm)
    return replace(pair, source=harm(pair.source), target=harm(pair.target))
