"""By which edition an agency goes, and which clauses it has said do not apply."""

from datetime import datetime, timedelta
from typing import Any

from nep.apps.conformity import services as conformity
from nep.apps.standards import services as standards
from nep.demonstration.procedures import actor_with
from nep.kernel.vietnamese import local

LEFT_OUT = {
    "8.3": "Cơ quan không thiết kế và phát triển dịch vụ: trình tự, thành phần hồ sơ, thời hạn của thủ "
    "tục hành chính do pháp luật quy định.",
    "7.1.5": "Cơ quan không dùng thiết bị đo để chứng minh kết quả giải quyết thủ tục là đúng.",
}


def build_standards(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Let the secretary write down the edition with its decision and what does not apply."""
    at = now - timedelta(days=280)
    secretary = actor_with(agency, "iso_secretary", agency_id=agency_id, now=at)
    standards.edition_choose(
        actor=secretary, edition="2015", target="2026", since=local(at).date(),
        decision="12/QĐ-ISO", now=at,
    )  # fmt: skip
    for clause, reason in LEFT_OUT.items():
        conformity.clause_left_out(
            actor=secretary, edition="2015", clause=clause, reason=reason, now=at
        )
