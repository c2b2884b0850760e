"""What the worker does for cases."""

from datetime import datetime
from typing import Any

from nep.apps.cases.services import (
    REPROJECT_JOB,
    cases_close_unsupplemented,
    fed_files_forget,
    reprojection_run,
    timers_fire,
)
from nep.apps.cases.services.erasure import ERASE_JOB, erasure_run
from nep.apps.cases.services.fed import FED_JOB, fed_go_on
from nep.apps.cases.services.figures import FOLD_AT_ONCE, figures_count_old, figures_fold
from nep.apps.cases.services.likelihood import likelihood_round
from nep.apps.cases.services.meanings import MEANING_JOB, meanings_go_on
from nep.apps.cases.services.moving import MOVE_JOB, moving_run
from nep.foundation.outbox.registry import job, periodic

_PORTIONS = 20


@periodic("cases.figures_fold", every_seconds=10)
def fold_figures(now: datetime) -> None:
    """Fold what has finished into the roll-ups, in portions, so that no reader waits for long."""
    for _ in range(_PORTIONS):
        if figures_fold(now=now) < FOLD_AT_ONCE:
            break


@periodic("cases.figures_count_old", every_seconds=5)
def count_old_cases(now: datetime) -> None:
    """Write the facts of cases that finished before there were facts, some at a time."""
    for _ in range(_PORTIONS):
        if not figures_count_old(now=now):
            break


@job(FED_JOB)
def bring_file_in(payload: dict[str, Any], now: datetime) -> None:
    """Bring one file of another system in; a second run goes on where the first stopped."""
    fed_go_on(import_id=payload["id"], now=now)


@job(MEANING_JOB)
def let_words_mean(payload: dict[str, Any], now: datetime) -> None:
    """Tell the cases anew in which words stand that mean a step now, a part at a time."""
    meanings_go_on(payload=payload, now=now)


@job(MOVE_JOB)
def move_cases(payload: dict[str, Any], now: datetime) -> None:
    """Let chosen cases go on by another version; a second run goes on where the first stopped."""
    moving_run(moving_id=payload["id"], now=now)


@periodic("cases.fed_forget", every_seconds=3600)
def let_files_go(now: datetime) -> None:
    """Remove the bytes of other systems' files whose time is over."""
    fed_files_forget(now=now)


@periodic("cases.close_unsupplemented", every_seconds=1800)
def stop_what_nobody_completes(now: datetime) -> None:
    """Tell of cases that wait for the applicant, then stop them when their days are over."""
    cases_close_unsupplemented(now=now)


@periodic("cases.timers", every_seconds=5)
def fire_timers(now: datetime) -> None:
    """Fire the timers of processes that are due, in portions, so that no case waits for long."""
    for _ in range(_PORTIONS):
        if not timers_fire(now=now):
            break


@job(REPROJECT_JOB)
def count_dates_anew(payload: dict[str, Any], now: datetime) -> None:
    """Count an agency's open due dates anew; a second run goes on where the first stopped."""
    reprojection_run(reprojection_id=payload["id"], now=now)


@periodic("cases.likelihood", every_seconds=60)
def tell_chances(now: datetime) -> None:
    """Tell the chance to be late of open cases that have changed, some of each agency at a time."""
    likelihood_round(now=now)


@job(ERASE_JOB)
def erase_personal_data(payload: dict[str, Any], now: datetime) -> None:
    """Do an approved erasure; a second run goes on where the first stopped."""
    erasure_run(run_id=payload["id"], now=now)
