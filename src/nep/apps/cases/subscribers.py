"""What cases do when they hear of something."""

from datetime import datetime

from nep.apps.cases.events import CaseFinished
from nep.apps.cases.services import case_deposit, case_lock, holder_changed
from nep.apps.work.ports import (
    register_explainer,
    register_holder_listener,
    register_source_lock,
)
from nep.foundation.outbox.registry import subscribe

SOURCE = "case"


def _explanation(case_id: int, item_id: int) -> str:
    return f"/ho-so/{case_id}/han-buoc/{item_id}/"


register_source_lock(SOURCE, case_lock)
register_holder_listener(SOURCE, holder_changed)
register_explainer(SOURCE, _explanation)


@subscribe(CaseFinished)
def keep_case(event: CaseFinished, now: datetime) -> None:
    """Deposit a finished case as a record, where the agency has set a series for it."""
    case_deposit(case_id=event.case_id, now=now)
