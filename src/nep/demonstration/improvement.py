"""What the agency puts right in the year: nonconformities, their actions, feedback, a survey."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nep.apps.actions import services as actions
from nep.apps.actions.queries import of_origin
from nep.apps.improvement import services
from nep.apps.improvement.queries import survey_page
from nep.apps.improvement.rules import feedback as feedback_rules
from nep.apps.improvement.rules.surveys import typed_questions
from nep.apps.improvement.services import FeedbackValues, SheetValues
from nep.apps.organization.rules import Actor
from nep.demonstration.procedures import actor_with
from nep.kernel.references import Reference
from nep.kernel.vietnamese import local

HAND = Reference("hand", 0, "")
QUESTIONS = (
    "Ông/Bà hài lòng với kết quả nhận được?\n"
    "Công chức hướng dẫn có dễ hiểu, lịch sự?\n"
    "Điều cần cải thiện nhất | Thời gian | Giấy tờ phải nộp | Nơi ngồi chờ\n"
    "Ông/Bà muốn góp ý thêm điều gì …"
)
SAID = ("Nên có thêm ghế ngồi chờ.", "Bảng hướng dẫn chữ hơi nhỏ.", "")


@dataclass(frozen=True, slots=True)
class _People:
    """Who reports and judges, who answers for it, who does it."""

    secretary: Actor
    head: Actor
    reception: Actor


def build_improvement(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Give an agency a closed nonconformity, two on their way, feedback and an open survey."""

    def people(at: datetime) -> _People:
        roles = ("iso_secretary", "unit_head", "reception")
        return _People(*(actor_with(agency, role, agency_id=agency_id, now=at) for role in roles))

    _closed_one(people, now - timedelta(days=75))
    _acting_one(people, now - timedelta(days=20))
    _prevented_one(people(now), now)
    _feedback(people, now)
    _survey(people, now, random.Random(agency["code"]))
    services.nonconformities_of_cases(now=now)


def _opened(who: _People, at: datetime, **values: Any) -> int:
    today = local(at).date()
    kept = {"found_on": today, "due_on": today + timedelta(days=10),
            "owner_id": who.head.person_id, **values}  # fmt: skip
    return services.nonconformity_open(
        actor=who.secretary, origin=HAND, now=at, values=SheetValues(**kept)
    )


def _analysed(
    who: _People, sheet_id: int, at: datetime, *, correction: str, cause: str, why: str
) -> None:
    own: dict[str, Any] = {"actor": who.head, "nonconformity_id": sheet_id, "now": at}
    services.nonconformity_correct(correction=correction, on=local(at).date(), **own)
    services.nonconformity_analyse(cause=cause, whys=[why], **own)


def _closed_one(people: Any, at: datetime) -> None:
    who = people(at)
    sheet_id = _opened(
        who, at, title="Năm phiếu kiểm soát quá trình thiếu chữ ký người nhận", level="minor",
        clause="2015:8.5.1", detail="Kiểm tra 20 hồ sơ đã trả kết quả trong tháng.",
    )  # fmt: skip
    _analysed(
        who, sheet_id, at + timedelta(days=2), correction="Đã ký bổ sung đủ năm phiếu.",
        why="Phiếu không đi cùng hồ sơ",
        cause="Phiếu in ở phòng chuyên môn nên đến sau hồ sơ, người nhận không có gì để ký.",
    )  # fmt: skip
    later = at + timedelta(days=3)
    services.nonconformity_act(
        actor=who.head, nonconformity_id=sheet_id, owner_id=who.reception.person_id, now=later,
        title="In phiếu ngay tại quầy tiếp nhận và kẹp vào bìa hồ sơ",
        due_on=local(later).date() + timedelta(days=12),
    )  # fmt: skip
    (action,) = of_origin(
        agency_id=who.head.agency_id,
        kind="nonconformity",
        ids=[sheet_id],
        today=local(later).date(),
    )
    done, judged = at + timedelta(days=10), at + timedelta(days=45)
    actions.action_done(
        actor=people(done).reception, action_id=action.id, now=done,
        evidence="Máy in đặt tại quầy từ đầu tuần; 12 hồ sơ đầu tiên đều có phiếu đi kèm.",
    )  # fmt: skip
    own: dict[str, Any] = {"actor": people(done).secretary, "nonconformity_id": sheet_id}
    actions.action_check(
        actor=people(done).secretary, action_id=action.id, accepted=True, note="", now=done
    )
    services.nonconformity_no_change(
        actor=people(done).head, nonconformity_id=sheet_id, now=done,
        reason="Quy trình đã ghi phiếu đi cùng hồ sơ; chỉ đổi nơi in.",
    )  # fmt: skip
    services.nonconformity_check(
        effect_on=local(judged).date(), note="Đã xem tại quầy.", now=done, **own
    )
    services.nonconformity_effect(
        worked=True, note="Xem 30 hồ sơ của tháng sau, phiếu nào cũng đủ chữ ký.", now=judged, **own
    )
    services.nonconformity_close(note="", now=judged, **own)


def _acting_one(people: Any, at: datetime) -> None:
    who = people(at)
    sheet_id = _opened(
        who, at, title="Danh mục thủ tục niêm yết tại quầy không khớp quyết định công bố mới",
        level="minor", clause="2015:7.5.3",
    )  # fmt: skip
    _analysed(
        who, sheet_id, at + timedelta(days=1), correction="Đã gỡ bảng cũ, dán danh mục mới.",
        why="Bảng cũ còn dán ba tuần sau quyết định mới",
        cause="Không ai được giao đối chiếu bảng niêm yết khi có quyết định công bố.",
    )  # fmt: skip
    for days, title in ((8, "Giao một người đối chiếu bảng niêm yết mỗi khi có quyết định mới"),
                        (40, "Đưa việc đối chiếu vào lịch soát xét hằng quý")):  # fmt: skip
        services.nonconformity_act(
            actor=who.head, nonconformity_id=sheet_id, owner_id=who.reception.person_id,
            title=title, due_on=local(at).date() + timedelta(days=days),
            now=at + timedelta(days=1),
        )  # fmt: skip


def _prevented_one(who: _People, now: datetime) -> None:
    _opened(
        who, now, title="Tuần trước Tết có thể thiếu người trực quầy tiếp nhận", potential=True,
        clause="2008:8.5.3",
    )  # fmt: skip


def _feedback(people: Any, now: datetime) -> None:
    """Write three pieces: one answered and closed, one being handled, one complaint near its day."""
    told = (
        (26, "petition", "phone", "Điện thoại quầy tiếp nhận nhiều lần không có người nghe"),
        (6, "opinion", "box", "Đề nghị bố trí thêm ghế ngồi ở khu chờ"),
        (9, "complaint", "letter", "Không đồng ý với kết quả giải quyết hồ sơ"),
    )
    for days, kind, channel, title in told:
        at = now - timedelta(days=days)
        who = people(at)
        feedback_id = services.feedback_add(
            actor=who.reception, now=at,
            values=FeedbackValues(kind, channel, local(at).date(), title,
                                  sender="Người gửi hư cấu", contact="0900 000 000",
                                  owner_id=who.head.person_id),
        )  # fmt: skip
        if kind == "petition":
            own: dict[str, Any] = {
                "actor": who.head,
                "feedback_id": feedback_id,
                "now": at + timedelta(days=4),
            }
            services.feedback_accept(**own)
            services.feedback_answer(
                answer="Đã phân công người trực máy trong giờ làm việc.",
                number="",
                founded="co",
                **own,
            )
            services.feedback_end(move=feedback_rules.CLOSE, reason="", **own)


def _survey(people: Any, now: datetime, chance: random.Random) -> None:
    at = now - timedelta(days=14)
    questions, secretary = typed_questions(QUESTIONS), people(at).secretary
    survey_id = services.survey_keep(
        actor=secretary, title="Ý kiến của người đến làm thủ tục", anonymous=True, closes_on=None,
        lead="Bốn câu, chưa đến một phút.", questions=questions, now=at,
    )  # fmt: skip
    services.survey_move(actor=secretary, survey_id=survey_id, move="open", now=at)
    key = survey_page(actor=secretary, survey_id=survey_id, today=local(at).date()).key
    for number in range(24):
        given = {"0": chance.choice("55544432"), "1": chance.choice("5554443"),
                 "2": chance.choice("123"), "3": chance.choice(SAID)}  # fmt: skip
        services.survey_answer(
            key=key, given=given, name="", now=at + timedelta(hours=12 * number + 1)
        )
