"""What audits do when they hear of something, and what they offer to objectives."""

from nep.apps.audits.queries import findings_in_time, programme_share
from nep.apps.audits.services import session_follow
from nep.apps.planning.services import register_measure
from nep.apps.work.ports import register_holder_listener

register_holder_listener("audit_session", session_follow)
register_measure(
    "audits.programme", "Tỷ lệ chương trình đánh giá nội bộ đã thực hiện", "%", "up",
    programme_share,
)  # fmt: skip
register_measure(
    "audits.findings", "Tỷ lệ phát hiện đánh giá khắc phục xong, có hiệu lực ngay lần đầu", "%", "up",
    findings_in_time,
)  # fmt: skip
