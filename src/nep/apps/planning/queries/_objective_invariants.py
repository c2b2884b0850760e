"""What must hold of objectives; `nep doctor` asks."""

import hashlib
import json
from collections.abc import Iterator

from django.db.models import F, Q

from nep.apps.planning.models import Objective, ObjectiveList, ObjectiveValue
from nep.apps.planning.rules import measuring
from nep.apps.planning.rules import objectives as rules
from nep.foundation.db.doctor import Finding, invariant


@invariant(
    "planning_objectives",
    "Mục tiêu: đơn vị, danh sách cùng cơ quan; lịch sử khớp; bản đã duyệt đúng mã băm; kết quả so đúng chỉ tiêu",
)
def lives() -> Iterator[Finding]:
    """Find objectives of another agency's unit or list, whose newest step tells another state,
    ended with work left; lists whose rows differ from their digest; values judged wrongly."""
    stray = ~Q(unit__agency_id=F("agency_id")) & Q(unit__isnull=False)
    other = ~Q(of_list__agency_id=F("agency_id")) & Q(of_list__isnull=False)
    for row in Objective.objects.filter(stray | other):
        yield Finding("objective_agency", f"mục tiêu {row.pk}", "đơn vị, danh sách cơ quan khác")
    for row in Objective.objects.filter(state__in=rules.ENDED, item_id__isnull=False):
        yield Finding("objective_item", f"mục tiêu {row.pk}", "đã kết thúc mà còn việc đang mở")
    for row in Objective.objects.prefetch_related("moves").iterator(chunk_size=500):
        last = max(row.moves.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or last.state != row.state:
            yield Finding("objective_history", f"mục tiêu {row.pk}", "lịch sử khác trạng thái")
    for sheet in ObjectiveList.objects.exclude(state=rules.SET_DRAFT).iterator():
        text = json.dumps(sheet.frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if hashlib.sha256(text.encode()).hexdigest() != sheet.sha256:
            yield Finding("objective_list", f"danh sách {sheet.pk}", "khác mã băm đã duyệt")
    for value in ObjectiveValue.objects.select_related("objective").iterator(chunk_size=500):
        row = value.objective
        if value.met != measuring.is_met(value.value, target=row.target, better=row.better):
            yield Finding("objective_value", f"mục tiêu {row.pk}", "kết quả so sai chỉ tiêu")
