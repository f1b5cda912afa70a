"""The daily core: threads, the work done on them, and what was said to the customer."""

from hilo.work.models.document import Document, DocumentApproval, DocumentVersion
from hilo.work.models.handoff import Handoff, HandoffItem, OwnershipTransfer
from hilo.work.models.lists import BulkItem, BulkRun, DefaultView, SavedView
from hilo.work.models.order import Deliverable, Order, OrderLine, WorkItem
from hilo.work.models.plan import CalendarAddress, PlanMove, ReviewMoment
from hilo.work.models.promise import Contradiction, Promise
from hilo.work.models.small import Ask, LooseEnd, Requirement
from hilo.work.models.step_run import Span, StepRun, StepRunLink
from hilo.work.models.template import ProcessTemplate, Step, StepLink, TemplateVersion, Weight
from hilo.work.models.thread import (
    ClosingQuestion,
    Numbering,
    Pause,
    ReserveUse,
    Thread,
    ThreadReader,
    ThreadRelation,
    TurnOf,
    Visit,
)
from hilo.work.models.update import AffectedGroup, NewsMove, Note, Update

__all__ = [
    "AffectedGroup",
    "Ask",
    "BulkItem",
    "BulkRun",
    "CalendarAddress",
    "ClosingQuestion",
    "Contradiction",
    "DefaultView",
    "Deliverable",
    "Document",
    "DocumentApproval",
    "DocumentVersion",
    "Handoff",
    "HandoffItem",
    "LooseEnd",
    "NewsMove",
    "Note",
    "Numbering",
    "Order",
    "OrderLine",
    "OwnershipTransfer",
    "Pause",
    "PlanMove",
    "ProcessTemplate",
    "Promise",
    "Requirement",
    "ReserveUse",
    "ReviewMoment",
    "SavedView",
    "Span",
    "Step",
    "StepLink",
    "StepRun",
    "StepRunLink",
    "TemplateVersion",
    "Thread",
    "ThreadReader",
    "ThreadRelation",
    "TurnOf",
    "Update",
    "Visit",
    "Weight",
    "WorkItem",
]
