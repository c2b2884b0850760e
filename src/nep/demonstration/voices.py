"""What citizens said in the year: ratings of finished cases, a few reported deviations."""

import random
from datetime import datetime, timedelta
from typing import Any

from nep.apps.cases.models import Case
from nep.apps.cases.rules.statuses import DONE, RETURNED
from nep.apps.cases.services.citizens import case_rate, case_report, report_answer, report_close
from nep.demonstration.procedures import actor_with

RATED, LIKES = 0.4, (46, 34, 11, 6, 3)  # of the finished cases; of the degrees 5 to 1
REMARKS = {
    True: ("Công chức hướng dẫn rõ ràng.", "Nhanh hơn ngày hẹn.", "", "", ""),
    False: ("Phải đi lại hai lần mới đủ giấy.", "Chờ lâu, không ai báo trước.", ""),
}
REPORTS = (
    ("papers", "Nơi tiếp nhận yêu cầu thêm bản sao sổ hộ khẩu, danh mục không có giấy này.", True,
     "Xin lỗi Ông/Bà. Giấy này không cần nộp, một cửa đã được nhắc.",
     "Đã rà lại danh mục niêm yết và nhắc bộ phận một cửa."),
    ("late", "Kết quả trả sau ngày hẹn mà không có thông báo.", False,
     "Hồ sơ đã tạm dừng để chờ bổ sung nên ngày hẹn dời theo giấy đã gửi Ông/Bà.", ""),
    ("fee", "Mức phí thu khác mức niêm yết trên cổng thông tin.", None, "", ""),
)  # fmt: skip


def build_voices(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Let citizens rate the finished cases of an agency and report of three; one stays open."""
    chance = random.Random(agency["code"])
    cases = Case.objects.filter(
        agency_id=agency_id, status__in=[DONE, RETURNED], internal=False, origin="run",
        finished_at__lt=now - timedelta(days=6),
    )  # fmt: skip
    done = list(cases.order_by("finished_at", "id"))
    for case in done:
        if chance.random() < RATED and case.finished_at is not None:
            degree = chance.choices((5, 4, 3, 2, 1), LIKES)[0]
            said = chance.choice(REMARKS[degree > 3])
            at = case.finished_at + timedelta(days=chance.randint(0, 5))
            case_rate(lookup_key=case.lookup_key, degree=degree, remark=said, now=at)
    for case, told in zip(done[-len(REPORTS) :], REPORTS, strict=False):
        _report(agency, case, told, now - timedelta(days=4))


def _report(agency: dict[str, Any], case: Case, told: tuple, at: datetime) -> None:
    kind, text, founded, answer, measure = told
    report_id = case_report(lookup_key=case.lookup_key, kind=kind, text=text, now=at)
    if founded is None:
        return
    later = at + timedelta(days=1)
    secretary = actor_with(agency, "iso_secretary", agency_id=case.agency_id, now=later)
    report_answer(
        actor=secretary, now=later, report_id=report_id, answer=answer, founded=founded
    )  # fmt: skip
    report_close(actor=secretary, now=at + timedelta(days=2), report_id=report_id, measure=measure)
