"""What must hold of actions; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import F, Q

from nep.apps.actions import rules
from nep.apps.actions.models import Action
from nep.foundation.db.doctor import Finding, invariant


@invariant(
    "actions_life", "Hành động: người làm, đơn vị cùng cơ quan; việc đang mở có ở danh sách việc"
)
def life() -> Iterator[Finding]:
    """Find actions of another agency's unit, running without a work item, ended with one, and
    whose newest step tells another state."""
    strays = Action.objects.exclude(unit=None).exclude(unit__agency_id=F("agency_id"))
    for row in strays.iterator():
        yield Finding("actions_agency", f"hành động {row.pk}", "đơn vị thuộc cơ quan khác")
    ended = Q(state__in=rules.ENDED)
    wrong = Action.objects.filter(ended & Q(item_id__isnull=False) | ~ended & Q(item_id=None))
    for row in wrong.iterator():
        yield Finding("actions_item", f"hành động {row.pk}", "việc đang mở khác trạng thái")
    for row in Action.objects.prefetch_related("moves").iterator(chunk_size=500):
        last = max(row.moves.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or last.state != row.state or last.due_on != row.due_on:
            yield Finding("actions_history", f"hành động {row.pk}", "lịch sử khác trạng thái")
