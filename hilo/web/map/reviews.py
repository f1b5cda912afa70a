"""The pages that plan, move, hold and call off a review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hilo.web.doing.fields import MomentField
from hilo.web.threads.acting import Act, by_and_now
from hilo.web.threads.forms import ActForm, Place, text
from hilo.work.commands.reviews import cancel_review, hold_review, move_review, plan_review
from hilo.work.models import ReviewMoment, StepRun
from hilo.work.queries.reviews import next_free_moment

type Data = dict[str, Any]


class ReviewForm(ActForm):
    text = text(_("What to look at"))
    starts_at = MomentField(label=_("When"))
    minutes = forms.IntegerField(label=_("Minutes"), initial=30, min_value=5, max_value=480)
    step_run = forms.ModelChoiceField(
        label=_("Which step"),
        queryset=StepRun.objects.none(),
        required=False,
        empty_label=_("The whole thread"),
    )
    with_customer = forms.BooleanField(label=_("With the customer"), required=False)

    def prepare(self, what: Place) -> None:
        open_steps = StepRun.objects.filter(thread=what.thread).exclude(state__in=["done", "skipped"])
        self.choose("step_run", open_steps, only=False)
        self.initial.setdefault("starts_at", next_free_moment(what.thread, now=what.now))


class MoveReviewForm(ActForm):
    starts_at = MomentField(label=_("When"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480)

    def prepare(self, what: Place) -> None:
        self.initial.setdefault("starts_at", what.target.starts_at)
        self.initial.setdefault("minutes", what.target.minutes)


class HoldReviewForm(ActForm):
    outcome = text(_("What you saw"), hint=_("One line: the thread's story keeps it."))


class CancelReviewForm(ActForm):
    reason = text(_("Why it is not needed"))


def _plan(place: Place, data: Data) -> object:
    facts = {name: data[name] for name in ("text", "starts_at", "minutes", "step_run", "with_customer")}
    return plan_review(place.thread, **facts, **by_and_now(place))


def _to_the_map(place: Place, result: object) -> str:
    return reverse("web:map", args=[place.thread.code])


REVIEW_ACTS = (
    Act(
        name="review_new",
        path="revision/nueva",
        title=_("Plan a review"),
        button=_("Reserve the time"),
        said=_("The review is in the owner's week."),
        lead=_("It reserves time of whoever owns the thread, before the week fills up."),
        form=ReviewForm,
        do=_plan,
        after=_to_the_map,
    ),
    Act(
        name="review_move",
        path="revision/<int:pk>/mover",
        model=ReviewMoment,
        about="text",
        title=_("Move the review"),
        button=_("Move it"),
        said=_("The review is moved."),
        form=MoveReviewForm,
        do=lambda place, data: move_review(
            place.target, starts_at=data["starts_at"], minutes=data["minutes"], seen=data["seen"],
            **by_and_now(place),
        ),
        after=_to_the_map,
    ),
    Act(
        name="review_hold",
        path="revision/<int:pk>/hecha",
        model=ReviewMoment,
        about="text",
        title=_("What I saw"),
        button=_("Note it"),
        said=_("Noted in the thread."),
        form=HoldReviewForm,
        do=lambda place, data: hold_review(
            place.target, outcome=data["outcome"], seen=data["seen"], **by_and_now(place)
        ),
        after=_to_the_map,
    ),
    Act(
        name="review_cancel",
        path="revision/<int:pk>/quitar",
        model=ReviewMoment,
        about="text",
        title=_("Call the review off"),
        button=_("Call it off"),
        said=_("The review is called off, in the calendar too."),
        form=CancelReviewForm,
        do=lambda place, data: cancel_review(
            place.target, reason=data["reason"], seen=data["seen"], **by_and_now(place)
        ),
        after=_to_the_map,
    ),
)  # fmt: skip
