"""What improvement does when it hears of something."""

from datetime import datetime

from nep.apps.actions.events import ActionEnded
from nep.apps.improvement.queries import (
    actions_in_time,
    answered_in_time,
    closed_share,
    feedback_subjects,
    surveyed,
)
from nep.apps.improvement.services import (
    feedback_follow,
    nonconformity_action_ended,
    nonconformity_follow,
)
from nep.apps.planning.services import register_measure
from nep.apps.work.ports import register_holder_listener, register_subjects
from nep.foundation.outbox.registry import subscribe


@subscribe(ActionEnded)
def check_next(event: ActionEnded, now: datetime) -> None:
    """Ask for the check of a nonconformity once its last action has ended."""
    if event.origin_kind == "nonconformity":
        nonconformity_action_ended(
            nonconformity_id=event.origin_id, agency_id=event.agency_id, now=now
        )


register_holder_listener("nonconformity", nonconformity_follow)
register_holder_listener("feedback", feedback_follow)
register_subjects("feedback", feedback_subjects)
register_measure(
    "improvement.closed", "Tỷ lệ phiếu không phù hợp của kỳ đã đóng", "%", "up", closed_share
)
register_measure(
    "improvement.in_time", "Tỷ lệ hành động khắc phục làm xong đúng hạn ban đầu", "%", "up",
    actions_in_time,
)  # fmt: skip
register_measure(
    "improvement.answered", "Tỷ lệ phản hồi trả lời trong thời hạn", "%", "up", answered_in_time
)
register_measure("improvement.surveyed", "Tỷ lệ hài lòng qua khảo sát", "%", "up", surveyed)
