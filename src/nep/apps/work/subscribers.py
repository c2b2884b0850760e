"""What the worklist does when it hears of something."""

from datetime import datetime

from nep.apps.organization.ports import Leaving, register_leave_check
from nep.apps.work.events import ItemHandedOver
from nep.apps.work.queries import open_count_of_role
from nep.apps.work.services import handed_wait, notice_add
from nep.foundation.outbox.registry import subscribe
from nep.kernel.decisions import ALLOWED, Decision, Refused


@subscribe(ItemHandedOver)
def tell_receiver(event: ItemHandedOver, now: datetime) -> None:
    """Show the receiver what came and why; once per hand-over."""
    if event.new_person_id == event.by_id:
        return
    notice_add(
        person_id=event.new_person_id,
        agency_id=event.agency_id,
        key=f"handed:{event.item_id}:{event.new_person_id}:{event.told or event.old_person_id}",
        text=f"Bạn được bàn giao: {event.title} {event.source_code}".strip(),
        detail=event.reason,
        icon="users",
        link=event.link,
        at=now,
        kind="handed",
    )
    handed_wait(item_id=event.item_id, person_id=event.new_person_id, now=now)


def _no_open_items(leaving: Leaving) -> Decision:
    """Refuse an end of appointment while the person still holds items of that role."""
    count = open_count_of_role(
        agency_id=leaving.agency_id,
        person_id=leaving.person_id,
        unit_id=leaving.unit_id,
        role="" if leaving.is_last_hat else leaving.role,
    )
    if not count:
        return ALLOWED
    return Refused(
        "person_holds_work",
        f"Người này đang giữ {count} việc; hãy bàn giao trước khi kết thúc bổ nhiệm.",
    )


register_leave_check(_no_open_items)
