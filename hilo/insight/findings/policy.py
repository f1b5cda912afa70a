"""What is large enough to be told, in one place. Every number can be set; each default has its reason."""

from __future__ import annotations

from hilo.insight.records import record


@record
class Policy:
    """Shares are 0 to 1, times hours of the calendar, ratios times as long. A finding needs both: an effect
    of at least this size, and a false discovery rate over all tests of the run of at most ``fdr``."""

    fdr: float = 0.05  # of what is told, one in twenty may be chance
    judged_below: float = 0.5  # of the p of tests, those that count in the correction for many
    tolerated: float = 0.5  # of the minimum effect: what a test must be beyond, so that trifles in a large
    # log, certain but too small to tell, do not pay for the false discoveries of others
    tolerated_in_segment: float = 0.2  # the same between a segment and the rest of its own thing
    screen: float = 0.001  # a segment explains an effect only if it stands out this clearly by itself
    min_cases: int = 5  # fewer bad cases are hidden (DOMAIN 1, small samples)
    min_group: int = 20  # a place is compared with its peers from this many cases on
    most_things: int = 300  # borders or activities looked at, the busiest first
    most_findings: int = 60

    # Shares: this many points above the peers, and this many times their share.
    bounced: float = 0.05  # one handover in twenty more than elsewhere comes back
    bounced_times: float = 2.0
    bounced_anywhere: float = 0.10  # of all handovers, whoever the two are
    bounced_by_lot: float = 2.0  # times what areas following each other by lot would bring
    forgotten_after_h: float = 144.0  # six days: a weekend and two holidays are no forgetting
    forgotten_times: float = 6.0  # and this many times what the step usually waits
    forgotten: float = 0.025
    forgotten_ratio: float = 3.0
    forgotten_natural: float = 0.005
    forgotten_most: float = (
        0.5  # when every second one waits as long, the border is slow, and nothing forgotten
    )
    redone: float = 0.06
    redone_times: float = 3.0
    redone_by_design: float = 0.5  # what every second case does twice is how the work is done
    reopened: float = 0.05  # called finished and gone on with: one in twenty
    skipped: float = 0.08
    nearly_all: float = 0.9  # what nine in ten do is the way; less is a choice
    nearly_none: float = 0.05  # who hardly ever does it works by another process, and knows
    late: float = 0.12
    late_by_nature: float = 0.19  # between products and customers, whose orders are not alike; sites' are
    late_times: float = 1.5
    late_anywhere: float = 0.20  # one promise in five, all over the company
    silent_after_h: float = 168.0  # a week without a word
    silent: float = 0.15
    silent_times: float = 1.5
    silent_anywhere: float = 0.5
    silent_unknown: float = 0.95  # so little told in waits that the log hardly notes it at all
    waiting_for_customer: float = 0.10  # of all waiting, from which the label itself is worth a look
    invoiced: float = 0.04
    invoiced_natural: float = 0.01  # slips that no rule prevents
    stalled_after_h: float = 720.0  # 30 days without movement, as the model sentence says
    stalled: float = 0.025
    stalled_times: float = 3.0

    # Times as long as the peers.
    slow_step: float = 1.4
    slow_step_min_h: float = 4.0  # gained per case if the step ran as elsewhere
    border_at_site: float = 2.0
    border_at_site_min_h: float = 12.0
    least_lost_h: float = 2.0  # a case, by a slow site or customer; a piece, by a drift: below, nobody waits
    site: float = 1.25
    customer: float = 1.35
    drift: float = 1.25
    noted_otherwise: float = 0.25  # of the steps, noted with the one before by the peers and apart here
    drift_weeks: int = 8  # DOMAIN 1: eight in a row on one side

    # More in than out.
    backlog_deficit: float = 0.05  # of what comes in is not done
    backlog_grew: float = 2.0
    backlog_min: int = 10
    backlog_weeks: int = 20
