"""*Ajustes › Casos*: what a case may take by our own policy, in versions, and by law or contract."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hilo.errors import Stale as StaleRefusal
from hilo.parties.models import Customer
from hilo.parties.permissions import may
from hilo.quality.commands.policies import change_case_policy, drop_legal_deadline, set_legal_deadline
from hilo.quality.models import Case, CasePolicy, LegalDeadline, Level, PolicyRule
from hilo.quality.policy import policy_in_force
from hilo.web.base.templatetags.hilo import number
from hilo.web.base.words import Stale
from hilo.web.causes.fetching import LARGEST_ID
from hilo.web.causes.policy_forms import (
    BROKEN_PROMISE,
    FIRST_SEVERITY,
    NUMBERS,
    SEVEREST_FIRST,
    TIMES,
    CasePolicyForm,
    DeadlineForm,
    first_values,
)
from hilo.web.causes.words import said_minutes
from hilo.web.customers.fetching import who_was_quicker
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import SeenForm
from hilo.web.doing.submitting import OK, Attempt, done, look_again, run_command
from hilo.web.people.form_page import FormPage, show_form


@dataclass(frozen=True, slots=True)
class NumberRow:
    label: str | Promise
    explanation: str | Promise
    value: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One severity and tier; ``opens`` where a severity begins, spanning its tiers."""

    severity: Level
    tier: str
    times: list[tuple[str, str]]  # the column's name, and how long
    opens: int


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    deadline: LegalDeadline
    customers: str
    cases: str


def policy_url() -> str:
    return reverse("web:setting_case_policy")


@require_safe
def case_policy(request: HttpRequest) -> HttpResponse:
    policy = policy_in_force()
    facts = {
        "now": now_of(request),
        "policy": policy,
        "urgencies": SEVEREST_FIRST,
        "matrix": [
            (impact, [_level(policy, impact, each) for each in SEVEREST_FIRST]) for impact in SEVEREST_FIRST
        ],
        "heads": [(label, hint) for label, hint in TIMES.values()],
        "rules": _rules(policy),
        "numbers": _numbers(policy),
        "deadlines": [_deadline_row(each) for each in _deadlines()],
        "may_change": may(actor_of(request), "case_policy.manage"),
    }
    return render(request, "web_causes/case_policy.html", facts)


def _numbers(policy: CasePolicy) -> list[NumberRow]:
    rows = [NumberRow(label, hint, number(getattr(policy, name))) for name, (label, hint) in NUMBERS.items()]
    rows.append(NumberRow(*FIRST_SEVERITY, str(policy.get_customer_first_severity_display())))
    rows.append(NumberRow(*BROKEN_PROMISE, _("yes") if policy.case_on_broken_promise else _("no")))
    return rows


def _level(policy: CasePolicy, impact: str, urgency: str) -> Level:
    return Level(policy.severity[f"{impact}:{urgency}"])


def _rules(policy: CasePolicy) -> list[RuleRow]:
    by_pair = {(rule.severity, rule.tier): rule for rule in policy.rules.all()}
    tiers = [str(tier) for tier in Customer.Tier.values]
    rows = []
    for severity in SEVEREST_FIRST:
        there = [tier for tier in tiers if (severity, tier) in by_pair]
        for at, tier in enumerate(there):
            times = _times(by_pair[severity, tier])
            rows.append(RuleRow(severity, tier, times, 0 if at else len(there)))
    return rows


def _times(rule: PolicyRule) -> list[tuple[str, str]]:
    return [(str(words[0]), said_minutes(getattr(rule, name))) for name, words in TIMES.items()]


def _deadlines() -> list[LegalDeadline]:
    return list(LegalDeadline.objects.filter(is_active=True).order_by("customer_kind", "case_kind", "pk"))


def _deadline_row(deadline: LegalDeadline) -> DeadlineRow:
    cases = Case.Kind(deadline.case_kind).label if deadline.case_kind else _("Every kind")
    return DeadlineRow(deadline, str(Customer.Kind(deadline.customer_kind).label), str(cases))


# Changing -------------------------------------------------------------------------------------------------


def case_policy_changed(request: HttpRequest) -> HttpResponse:
    policy = policy_in_force()
    if request.method != "POST":
        return _policy_form(request, CasePolicyForm(initial=first_values(policy), seen=policy.number))
    form = CasePolicyForm(request.POST)
    attempt = run_command(
        form,
        lambda _given: change_case_policy(**form.facts(), by=actor_of(request), now=now_of(request)),
    )
    if attempt.done:
        said = _("Version %(number)d holds for cases opened from now on.") % {"number": policy.number + 1}
        return done(request, policy_url(), said)
    return _policy_form(request, form, attempt)


def _policy_form(request: HttpRequest, form: CasePolicyForm, attempt: Attempt | None = None) -> HttpResponse:
    notice = None
    policy = policy_in_force()
    if attempt is not None and attempt.is_stale:
        notice = who_was_quicker("case_policy", policy.pk, _("changed the policy"))
        notice = notice or Stale(_("somebody"), _("changed the policy"))
        look_again(form, policy.number)
    facts = {
        "form": form,
        "policy": policy,
        "notice": notice,
        "urgencies": SEVEREST_FIRST,
        "heads": [(label, hint) for label, hint in TIMES.values()],
    }
    status = attempt.status if attempt is not None else OK
    return render(request, "web_causes/case_policy_form.html", facts, status=status)


def deadline_added(request: HttpRequest) -> HttpResponse:
    page = _deadline_page(None)
    if request.method != "POST":
        first = {"unit": LegalDeadline.Unit.WORKING_DAYS, "customer_kind": Customer.Kind.values[0]}
        return show_form(request, page, DeadlineForm(initial=first, seen=0))
    return _keep_deadline(request, page, DeadlineForm(request.POST), None)


def deadline_changed(request: HttpRequest, pk: int) -> HttpResponse:
    deadline = _deadline_at(pk)
    page = _deadline_page(deadline)
    if request.method != "POST":
        shown = {
            name: getattr(deadline, name) for name in ("customer_kind", "case_kind", "days", "unit", "source")
        }
        return show_form(request, page, DeadlineForm(initial=shown, seen=deadline.version, is_new=False))
    return _keep_deadline(request, page, DeadlineForm(request.POST, is_new=False), deadline)


def _deadline_page(deadline: LegalDeadline | None) -> FormPage:
    whom = _deadline_row(deadline) if deadline else None
    return FormPage(
        title=f"{whom.customers}: {whom.cases.lower()}" if whom else _("A deadline set by law or contract"),
        lead=_("Nobody can pause it. Clocks that run under it follow the new days."),
        button=_("Keep the deadline"),
        back_url=policy_url(),
        back=_("Case policy"),
        subject=deadline,
        kind="legal_deadline",
    )


def _keep_deadline(
    request: HttpRequest, page: FormPage, form: DeadlineForm, deadline: LegalDeadline | None
) -> HttpResponse:
    def keep(given: dict[str, object]) -> object:
        facts = dict(given)
        seen = facts.pop("seen") if deadline else None
        facts.pop("seen", None)
        if deadline is not None:
            facts |= {"customer_kind": deadline.customer_kind, "case_kind": deadline.case_kind}
        return set_legal_deadline(**facts, seen=seen, by=actor_of(request), now=now_of(request))  # type: ignore[arg-type]

    attempt = run_command(form, keep)
    if attempt.done:
        return done(request, policy_url(), _("Kept."))
    return show_form(request, page, form, attempt)


@require_POST
def deadline_dropped(request: HttpRequest, pk: int) -> HttpResponse:
    deadline = _deadline_at(pk)
    attempt = run_command(
        SeenForm(request.POST),
        lambda given: drop_legal_deadline(deadline, **given, by=actor_of(request), now=now_of(request)),
    )
    if not attempt.done:
        raise attempt.refusal or StaleRefusal(_("Somebody changed this meanwhile. Look at it again."))
    return done(request, policy_url(), _("It holds for no case received from now on."))


def _deadline_at(pk: int) -> LegalDeadline:
    found = LegalDeadline.objects.filter(pk=min(pk, LARGEST_ID), is_active=True).first()
    if found is None:
        raise Http404
    return found
