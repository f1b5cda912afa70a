"""What customers see: waiting without a word, and an invoice over an open incident."""

from __future__ import annotations

import numpy as np

from hilo.insight.findings.candidate import Candidate, Looked, of_share, per_case, touched
from hilo.insight.findings.ground import HOUR, Floats, Ground, Places, Truths
from hilo.insight.findings.shares import Least, Spot, searched
from hilo.insight.findings.wording import placed, share, spot_facts
from hilo.insight.log import NO_TIME, Codes
from hilo.insight.meanings import Meaning
from hilo.insight.meanings.recognising import recognised
from hilo.insight.results import Kind
from hilo.insight.speaking import Hours, Said, _
from hilo.insight.statistics import wilson


def silence(ground: Ground) -> Looked:
    """Long waits with nothing told, where the log knows news to the customer; and waiting that is put down to
    the customer, where it knows that label."""
    untold, labelled = _untold(ground), _labelled(ground)
    return Looked(untold.candidates + labelled.candidates, untold.tests + labelled.tests)


def _untold(ground: Ground) -> Looked:
    if not ground.meaning(Meaning.NEWS_TO_CUSTOMER)[ground.log.activity.codes].any():
        return Looked()
    policy = ground.policy
    rows = np.flatnonzero(ground.follows & (ground.gap >= policy.silent_after_h))
    between = np.diff(ground.step, prepend=0)[rows]  # events that are no steps stand between: news
    bad = between == 1
    if len(rows) and bad.mean() > policy.silent_unknown:
        return Looked()
    cost = ground.gap[rows] - policy.silent_after_h
    items, hours = per_case(ground, np.zeros(len(rows), np.int64), ground.case[rows], bad, cost, 1)
    least = Least(policy.silent, policy.silent_times, anywhere=policy.silent_anywhere, customers=True)
    found = searched(ground, items, least)
    looked = Looked(tests=found.tests)
    for spot in found.spots:
        cases, lost = touched(items, hours, spot)
        words = _silence_words(ground, spot)
        looked.candidates.append(of_share(Kind.SILENCE, {}, spot, cases, lost, words))
    return looked


def _labelled(ground: Ground) -> Looked:
    """Told where more than half of it builds up in stops of over a week: that is no waiting for an answer."""
    label, waits = _label(ground)
    rows = np.flatnonzero(waits[label.codes[ground.step]] & ground.follows)
    if not len(rows):
        return Looked()
    rows, took = _time_under_label(ground, rows)
    policy = ground.policy
    long = took >= policy.silent_after_h
    part_long = float(took[long].sum() / max(took.sum(), 1e-9))
    part = float(took.sum() / max(ground.gap.sum(), 1e-9))
    if long.sum() < policy.min_cases or part_long < 0.5 or part < policy.waiting_for_customer:
        return Looked()
    cases, place = np.unique(ground.case[rows[long]], return_inverse=True)
    n = len(np.unique(ground.case[rows]))
    name = label.names[int(np.bincount(label.codes[ground.step[rows[long]]]).argmax())]
    words = _label_words(ground, name, part, part_long)
    found = Candidate(
        kind=Kind.SILENCE,
        about={"activity": name},
        side=None,
        value=-1,
        p=0.0,  # a sum over the whole log, no comparison
        cases=cases,
        hours=np.bincount(place, took[long] - policy.silent_after_h),
        effect=len(cases) / n,
        interval=wilson(len(cases), n),
        n=n,
        text=words[0],
        on_monday=words[1],
    )
    return Looked([found])


def _label(ground: Ground) -> tuple[Codes, Truths]:
    """What events are called, and (names + 1,) which names wait for the customer: by the activity, or by its
    detail (a sub-status) where only that says it."""
    detail = ground.log.detail
    waits = ground.meaning(Meaning.WAITING_FOR_CUSTOMER)
    if detail is None or waits[ground.log.activity.codes].any():
        return ground.log.activity, waits
    meant = recognised(detail.names)[Meaning.WAITING_FOR_CUSTOMER]
    return detail, np.array([*(name in meant for name in detail.names), False])


def _time_under_label(ground: Ground, rows: Places) -> tuple[Places, Floats]:
    """From its start where the log knows starts; otherwise until the next step, as states are logged."""
    if ground.log.start is not None and ground.knows_start[rows].mean() > 0.5:
        return rows, ground.hours[rows] - ground.begun[rows]
    rows = rows[(rows + 1 < len(ground.case))]
    rows = rows[ground.follows[rows + 1]]
    return rows, ground.gap[rows + 1]


def invoiced_over_open_case(ground: Ground) -> Looked:
    """Of the cases with an incident (or complaint) and an invoice after its opening or without its closing:
    those whose invoice left in between."""
    opened = _first_time(ground, Meaning.INCIDENT_OPENED, Meaning.COMPLAINT)
    closed = _last_time(ground, Meaning.INCIDENT_CLOSED)
    invoiced = _first_time(ground, Meaning.INVOICE)
    both = np.isfinite(opened) & np.isfinite(invoiced) & np.isfinite(closed)
    both |= np.isfinite(opened) & (invoiced > opened) & np.isfinite(invoiced) & ~ground.finished
    cases = np.flatnonzero(both)
    if not len(cases):
        return Looked()
    until = np.where(np.isfinite(closed), closed, ground.horizon)
    over = (invoiced > opened) & (invoiced < until)
    policy = ground.policy
    lost = np.where(over, until - invoiced, 0.0)[cases]
    items, hours = per_case(ground, np.zeros(len(cases), np.int64), cases, over[cases], lost, 1)
    least = Least(policy.invoiced, 2.0, natural=policy.invoiced_natural, anywhere=policy.invoiced)
    found = searched(ground, items, least)
    looked = Looked(tests=found.tests)
    for spot in found.spots:
        touched_cases, cost = touched(items, hours, spot)
        words = _invoice_words(spot)
        looked.candidates.append(of_share(Kind.INVOICED_OVER_OPEN_CASE, {}, spot, touched_cases, cost, words))
    return looked


def _first_time(ground: Ground, *meanings: Meaning) -> Floats:
    rows = _rows_meaning(ground, *meanings)
    times = np.full(ground.log.cases, np.inf)
    np.minimum.at(times, ground.log.case[rows], ground.all_hours[rows])
    return times


def _last_time(ground: Ground, *meanings: Meaning) -> Floats:
    rows = _rows_meaning(ground, *meanings)
    times = np.full(ground.log.cases, -np.inf)
    np.maximum.at(times, ground.log.case[rows], ground.all_hours[rows])
    return times


def _rows_meaning(ground: Ground, *meanings: Meaning) -> Places:
    meant: Truths = np.logical_or.reduce([ground.meaning(meaning) for meaning in meanings])
    return np.flatnonzero(meant[ground.log.activity.codes])


def late(ground: Ground, explained: Floats) -> Looked:
    """Against the first promised date. ``explained`` (cases,) are hours that other findings account for: what
    would have been on time without them is not told a second time."""
    due = _first_due(ground)
    if due is None:
        return Looked()
    done = _delivered(ground)
    decided = np.flatnonzero(np.isfinite(due) & ((done <= ground.horizon) | (due < ground.horizon)))
    beyond = np.minimum(done, ground.horizon)[decided] - due[decided]
    bad = beyond > explained[decided]
    bad &= beyond > 0
    policy = ground.policy
    items, hours = per_case(ground, np.zeros(len(decided), np.int64), decided, bad, np.maximum(beyond, 0), 1)
    least = Least(
        policy.late,
        policy.late_times,
        anywhere=policy.late_anywhere,
        tolerated=policy.tolerated,
        by_nature=policy.late_by_nature,
        customers=True,
    )
    found = searched(ground, items, least)
    looked = Looked(tests=found.tests)
    for spot in found.spots:
        cases, cost = touched(items, hours, spot)
        looked.candidates.append(of_share(Kind.LATE, {}, spot, cases, cost, _late_words(spot)))
    return looked


def _first_due(ground: Ground) -> Floats | None:
    """(cases,) the first date a case was promised for; infinite where it has none."""
    if ground.log.due is None:
        return None
    known = np.flatnonzero(ground.log.due != NO_TIME)
    case, first = np.unique(ground.log.case[known], return_index=True)
    due = np.full(ground.log.cases, np.inf)
    due[case] = (ground.log.due[known[first]] - ground.log.time.min()) / HOUR
    return due


def _delivered(ground: Ground) -> Floats:
    """(cases,) when it was delivered, in a log that has deliveries; otherwise when a finished case ended."""
    delivered = _first_time(ground, Meaning.DELIVERY)
    if np.isfinite(delivered).any():
        return delivered
    return np.where(ground.finished, ground.begins + ground.duration, np.inf)


def _silence_words(ground: Ground, spot: Spot) -> tuple[Said, Said]:
    limit = Hours(ground.policy.silent_after_h)
    if spot.side is None:
        text = _(
            "%(k)s of %(n)s cases with a wait of over %(limit)s leave the customer without a word in it.",
            k=spot.k,
            n=spot.n,
            limit=limit,
        )
    else:
        text = _(
            "%(k)s of %(n)s cases with a wait of over %(limit)s leave the customer without a word in it"
            " (elsewhere %(usual)s).",
            limit=limit,
            **spot_facts(spot),
        )
    todo = _(
        "Take the open cases that have waited longest and call each customer today; agree with each when they"
        " hear again, and put that day in the calendar of the one who calls."
    )
    return placed(text, spot.side, spot.value), todo


def _label_words(ground: Ground, name: str, part: float, long: float) -> tuple[Said, Said]:
    text = _(
        "“%(activity)s” is the label of %(part)s of all waiting, and %(long)s of that builds up in stops of"
        " over %(limit)s.",
        activity=name,
        part=share(part),
        long=share(long),
        limit=Hours(ground.policy.silent_after_h),
    )
    todo = _(
        "Go through what stands under “%(activity)s” for over a week: call the customer, say what is missing,"
        " and agree a day; without an answer by then, whoever answers for it decides.",
        activity=name,
    )
    return text, todo


def _invoice_words(spot: Spot) -> tuple[Said, Said]:
    text = _(
        "%(k)s of %(n)s cases with an incident were invoiced while it was still open.",
        k=spot.k,
        n=spot.n,
    )
    todo = _(
        "Before invoicing, look whether an incident is open on the order; for the ones already out, call the"
        " customer before they do, and agree what is paid now."
    )
    return placed(text, spot.side, spot.value), todo


def _late_words(spot: Spot) -> tuple[Said, Said]:
    low, high = wilson(spot.k, spot.n)
    text = _(
        "%(k)s of %(n)s promises were not kept on time (%(share)s; 95 %% CI: %(low)s to %(high)s), counted"
        " from the first date.",
        k=spot.k,
        n=spot.n,
        share=share(spot.k / spot.n),
        low=share(low),
        high=share(high),
    )
    todo = _(
        "Before a date is given, ask who has to do the work; and tell the customers of what falls due in the"
        " next two weeks whether their date holds."
    )
    return placed(text, spot.side, spot.value), todo
