"""How an attempt can end other than by returning."""

from __future__ import annotations


class GiveUp(Exception):
    """Raised by a job to say that trying again is useless: it fails for good at once."""


class JobTimedOut(BaseException):
    """Raised inside a job at its timeout. Not an Exception, so that ``except Exception`` cannot eat it."""


class JobStopped(BaseException):
    """Raised inside a job when its worker must stop now; the task goes back to the queue, uncounted."""


class ClaimLost(Exception):
    """The worker was taken for dead and its task given to another: whatever it did must roll back."""


class WorkerDied(Exception):
    """Never raised: the name under which a task stands that ended its workers too often."""


class WorkerUnknown(Exception):
    """The worker's row is gone, so it was taken for dead; it has to register again before it claims."""
