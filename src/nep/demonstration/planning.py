"""What the agency planned: context, parties, scope and policy in force; risks and opportunities."""

from datetime import datetime, timedelta
from typing import Any

from nep.apps.actions import services as actions
from nep.apps.documents.queries import revision
from nep.apps.documents.services import document_approve, document_check
from nep.apps.organization.rules import Actor
from nep.apps.planning import queries, services
from nep.apps.planning.rules import context
from nep.apps.planning.services import RiskValues
from nep.demonstration.procedures import actor_with
from nep.demonstration.year import beginning_of
from nep.kernel.vietnamese import local

PLACE = "Mọi phòng, đơn vị và bộ phận tiếp nhận, trả kết quả của {name}."
NEW_PARTY = {
    "party": "Bưu điện tham gia nhận, trả kết quả tại nhà",
    "need": "Danh sách hồ sơ phải giao gửi trước 15 giờ, địa chỉ người nhận đúng",
    "how": "Số bưu gửi phải chuyển hoàn mỗi tháng",
}
MOTTO = "Đúng luật, đúng hẹn, dễ hiểu"


def build_planning(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Give an agency its four statements in force, one new edition that waits, and its registers."""
    since = beginning_of(now)
    at = max(now.replace(month=1, day=8, hour=9, minute=0), since + timedelta(days=2))
    if at + timedelta(days=90) >= now:
        return

    def actor(role: str, moment: datetime) -> Actor:
        return actor_with(agency, role, agency_id=agency_id, now=moment)

    _statements(agency, actor, at)
    _policy(actor, at)
    _next_parties(actor, now - timedelta(days=2))
    _treated(actor, at + timedelta(days=3))
    _accepted(actor, at + timedelta(days=4))
    _late_one(actor, now - timedelta(days=45), now)
    _opportunity(actor, now - timedelta(days=20))
    _proposed(actor, now - timedelta(days=1))


def _stored(agency_id: int, part: str) -> dict[str, Any]:
    return context.stored_form(queries.starter_content(agency_id=agency_id, part=part))


def _saved(who: Actor, part: str, stored: dict[str, Any], at: datetime) -> int:
    return services.statement_save(
        actor=who, part=part, content=context.read_content(part, stored), version=0, now=at
    )


def _statements(agency: dict[str, Any], actor: Any, at: datetime) -> None:
    """Write context, parties and scope in the agency's own words and have them approved."""
    secretary = actor("iso_secretary", at)
    told: dict[str, dict[str, Any]] = {
        part: _stored(secretary.agency_id, part)
        for part in (context.CONTEXT, context.PARTIES, context.SCOPE)
    }
    told[context.CONTEXT]["threats"].append("Hồ sơ tăng gấp đôi vào tháng cuối quý")
    told[context.SCOPE]["places"] = PLACE.format(name=agency["name"])
    signed = at + timedelta(days=1)
    leader = actor("leader", signed)
    for part, stored in told.items():
        id_ = _saved(secretary, part, stored, at)
        services.statement_submit(actor=secretary, statement_id=id_, now=at)
        page = queries.statement_page(actor=leader, statement_id=id_)
        services.statement_approve(
            actor=leader, statement_id=id_, content_hash=page.line.content_hash, now=signed
        )


def _policy(actor: Any, at: datetime) -> None:
    """Submit the policy to the library, have it checked and approved there."""
    secretary = actor("iso_secretary", at)
    stored = {**_stored(secretary.agency_id, context.POLICY), "motto": MOTTO}
    id_ = _saved(secretary, context.POLICY, stored, at)
    checker, leader = actor("unit_head", at), actor("leader", at)
    services.statement_submit(
        actor=secretary, statement_id=id_, checker_id=checker.person_id,
        approver_id=leader.person_id, now=at,
    )  # fmt: skip
    line = queries.statement_page(actor=secretary, statement_id=id_).line
    own: dict[str, Any] = {"revision_id": line.revision_id}
    facts = revision(revision_id=line.revision_id or 0, agency_id=secretary.agency_id)
    checked, signed = at + timedelta(hours=4), at + timedelta(days=1)
    document_check(
        actor=actor("unit_head", checked), content_hash=facts.content_hash, now=checked, **own
    )
    document_approve(
        actor=actor("leader", signed), content_hash=facts.content_hash, now=signed, **own
    )
    services.policy_in_force(agency_id=secretary.agency_id, now=signed, **own)


def _next_parties(actor: Any, at: datetime) -> None:
    """Lay the next edition of the interested parties before the head."""
    secretary = actor("iso_secretary", at)
    stored = _stored(secretary.agency_id, context.PARTIES)
    stored["rows"].append(NEW_PARTY)
    id_ = _saved(secretary, context.PARTIES, stored, at)
    services.statement_submit(actor=secretary, statement_id=id_, now=at)


def _opened(
    who: Actor, at: datetime, title: str, steps: tuple[int, int] | None, **more: Any
) -> int:
    values = RiskValues(**{"kind": "risk", "owner_id": who.person_id, **more}, title=title)
    return services.risk_open(actor=who, values=values, steps=steps, now=at)


def _treated(actor: Any, at: datetime) -> None:
    """Open a high risk, treat it, have it verified with what is left."""
    head, reception = actor("unit_head", at), actor("reception", at)
    procedure = next(iter(queries.procedure_choices(head.agency_id)), (None, ""))[0]
    risk_id = _opened(
        head, at, "Người duy nhất làm bước thẩm định nghỉ dài ngày", (4, 4),
        cause="Chưa phân công người làm thay", effect="Hồ sơ dừng ở bước thẩm định, trả trễ hẹn",
        clause="2015:7.1.2", procedure_id=procedure,
    )  # fmt: skip
    action_id = services.risk_act(
        actor=head, risk_id=risk_id, title="Lập bảng người làm thay cho từng bước, niêm yết ở phòng",
        owner_id=reception.person_id, due_on=local(at).date() + timedelta(days=30), now=at,
    )  # fmt: skip
    done, judged = at + timedelta(days=25), at + timedelta(days=60)
    actions.action_done(
        actor=actor("reception", done), action_id=action_id, now=done,
        evidence="Bảng người làm thay của 12 bước đã niêm yết; hai người mới được hướng dẫn.",
    )  # fmt: skip
    actions.action_check(
        actor=actor("iso_secretary", done), action_id=action_id, accepted=True, note="", now=done
    )
    services.risk_verify(
        actor=actor("iso_secretary", judged), risk_id=risk_id, likelihood=2, impact=4,
        note="Hai lần nghỉ trong tháng đều có người làm thay, không hồ sơ nào dừng.",
        review_on=local(judged).date() + timedelta(days=365), now=judged,
    )  # fmt: skip


def _accepted(actor: Any, at: datetime) -> None:
    """Open a low risk that the head leaves as it is."""
    head = actor("unit_head", at)
    risk_id = _opened(
        head, at, "Máy in ở quầy hết mực giữa giờ", (2, 2), cause="Không theo dõi lượng mực",
        effect="Người dân đợi thêm vài phút", clause="2015:7.1.3",
        controls="Có máy in dự phòng ở phòng bên",
    )  # fmt: skip
    later = at + timedelta(days=2)
    services.risk_accept(
        actor=actor("leader", later), risk_id=risk_id, now=later,
        reason="Ít xảy ra, có máy dự phòng, xử lý được ngay.",
        review_on=local(later).date() + timedelta(days=365),
    )  # fmt: skip


def _late_one(actor: Any, at: datetime, now: datetime) -> None:
    """Open a risk whose action is late and which has come true."""
    secretary = actor("iso_secretary", at)
    risk_id = _opened(
        secretary, at, "Phần mềm một cửa ngừng trong giờ làm việc", (3, 4),
        cause="Phụ thuộc một đường truyền", clause="2015:7.1.3",
        effect="Không tiếp nhận được hồ sơ, thời hạn vẫn chạy",
    )  # fmt: skip
    services.risk_act(
        actor=secretary, risk_id=risk_id, title="Lập cách tiếp nhận bằng giấy khi phần mềm ngừng",
        owner_id=actor("reception", at).person_id, due_on=local(now).date() - timedelta(days=5),
        now=at,
    )  # fmt: skip
    came = now - timedelta(days=12)
    services.risk_happen(
        actor=actor("reception", came), risk_id=risk_id, on=local(came).date(), now=came,
        text="Ngừng hai giờ buổi sáng, 14 người phải quay lại buổi chiều.",
    )  # fmt: skip


def _opportunity(actor: Any, at: datetime) -> None:
    """Open an opportunity and give what it needs to somebody."""
    head = actor("unit_head", at)
    opened = _opened(
        head, at, "Bỏ giấy tờ đã có trong dữ liệu dùng chung", (4, 4), kind="opportunity",
        cause="Cơ sở dữ liệu quốc gia về dân cư đã kết nối", clause="2015:6.1",
        effect="Người dân nộp ít giấy tờ hơn, giảm lần bổ sung",
    )  # fmt: skip
    services.risk_act(
        actor=head, risk_id=opened, title="Rà giấy tờ của năm thủ tục nhiều hồ sơ nhất",
        owner_id=head.person_id, due_on=local(at).date() + timedelta(days=60), now=at,
    )  # fmt: skip


def _proposed(actor: Any, at: datetime) -> None:
    """Take over the first proposal that the agency's own cases give, still to be rated."""
    secretary = actor("iso_secretary", at)
    found = queries.case_proposals(agency_id=secretary.agency_id, today=local(at).date())
    if found:
        services.risks_take_over(actor=secretary, keys=[found[0].key], now=at)
