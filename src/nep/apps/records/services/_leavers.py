"""A person leaves: everything they hold goes to named receivers in one transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from nep.apps.organization import queries as organization
from nep.apps.organization import services as people
from nep.apps.organization.rules import Actor, may
from nep.apps.records import ports, rules
from nep.apps.records.models import LeaverHandover, RecordFile
from nep.apps.records.ports import HandOver, Held, LeaverGroup, LeaverShare
from nep.apps.records.services._files import file_hand_over
from nep.apps.records.services._ground import note
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import date_text, local


@transaction.atomic
def leaver_hand_over(
    *,
    actor: Actor,
    person_id: int,
    receivers: Mapping[str, int],
    reason: str,
    now: datetime,
    kept: Collection[str] = (),
) -> int:
    """Give what a leaving person holds to the receivers, by group key; return the minutes' id.

    `receivers` names a person by `LeaverShare.key`. Every share that needs a receiver must get one;
    what nobody takes over (delegations, readings) ends, except shares named in `kept`. All moves
    stand or none.
    Closing the account stays with the agency's administrator.
    Raises Forbidden; NotFound; Refusal("receiver_missing", "receiver_is_leaver",
    "reason_missing", "nothing_held", what a group refuses).
    Source: Nghị định 30/2020/NĐ-CP Điều 31 (bàn giao khi nghỉ hưu, thôi việc, chuyển công tác).
    """
    require(may(actor, "record.manage"))
    organization.person_page(
        agency_id=actor.agency_id, person_id=person_id, today=local(now).date()
    )
    require(rules.decide_reason(reason), kind=Refusal)
    told = []
    for share in ports.leaver_shares(actor.agency_id, person_id, now):
        receiver_id = receivers.get(share.key)
        is_kept = share.key in kept and not share.group.needs_receiver
        if share.group.move is not None and not is_kept:
            _move(actor, share, person_id, receiver_id, clean(reason), now)
        told.append(_line(share, receiver_id, is_kept=is_kept))
    if not told:
        raise Refusal("nothing_held", "Người này không giữ gì để bàn giao.")
    row = LeaverHandover.objects.create(
        agency_id=actor.agency_id, year=local(now).year,
        number=take_number(
            agency_id=actor.agency_id, book="bàn giao", year=local(now).year
        ),
        person_id=person_id, made_by_id=actor.person_id, made_at=now,
        reason=clean(reason)[:500], groups=told,
    )  # fmt: skip
    note(
        actor, agency_id=actor.agency_id, action="leaver.handed_over", object_type="person",
        object_id=person_id, at=now,
        new={"minutes": row.number, "groups": {one["label"]: len(one["lines"]) for one in told}},
        reason=row.reason,
    )  # fmt: skip
    return row.id


def _move(
    actor: Actor,
    share: LeaverShare,
    person_id: int,
    receiver_id: int | None,
    reason: str,
    now: datetime,
) -> None:
    group = share.group
    if group.move is None:
        return
    if group.needs_receiver and receiver_id is None:
        raise Refusal(
            "receiver_missing", f"Hãy chọn người nhận cho: {share.label}.", field=share.key
        )
    if receiver_id == person_id:
        raise Refusal("receiver_is_leaver", "Người nhận phải là người khác.", field=share.key)
    group.move(
        HandOver(
            by=actor, person_id=person_id, receiver_id=receiver_id or 0,
            ids=tuple(one.id for one in share.held), reason=reason, at=now,
        )
    )  # fmt: skip


def _line(share: LeaverShare, receiver_id: int | None, *, is_kept: bool) -> dict:
    moved = share.group.move is not None and not is_kept
    names = organization.person_names([receiver_id]) if moved and share.group.needs_receiver else {}
    return {
        "label": share.label,
        "receiver": names.get(receiver_id or 0, ""),
        "receiver_id": receiver_id if names else None,
        "moved": moved,
        "advice": share.group.advice,
        "lines": [{"code": one.code, "title": one.title} for one in share.held],
    }


def _kept_files(agency_id: int, person_id: int, now: datetime) -> tuple[Held, ...]:
    rows = RecordFile.objects.filter(
        agency_id=agency_id, keeper_id=person_id, state__in=[rules.OPEN, rules.CLOSED]
    ).order_by("code")
    return tuple(Held(row.id, row.code, row.title, f"/luu-tru/ho-so/{row.id}/") for row in rows)


def _move_files(hand_over: HandOver) -> None:
    for file_id in hand_over.ids:
        file_hand_over(
            actor=hand_over.by, file_id=file_id, receiver_id=hand_over.receiver_id,
            now=hand_over.at,
        )  # fmt: skip


ports.register_leaver_group(
    LeaverGroup("files", "Hồ sơ lưu đang lập, đang giữ", 20, _kept_files, _move_files)
)


def _delegations(agency_id: int, person_id: int, now: datetime) -> tuple[Held, ...]:
    lines = organization.delegation_lines(
        agency_id=agency_id, today=local(now).date(), person_id=person_id
    )
    return tuple(
        Held(
            one.id, one.prefix,
            f"{one.giver} giao {one.receiver} vai trò {one.role_name}, đến {date_text(one.ends_on)}",
            "/co-quan/uy-quyen/",
        )
        for one in lines
        if one.state != "past"
    )  # fmt: skip


def _end_delegations(hand_over: HandOver) -> None:
    people.delegations_hand_back(
        actor=hand_over.by, now=hand_over.at, person_id=hand_over.person_id,
        delegation_ids=hand_over.ids, reason=f"Bàn giao khi thôi việc: {hand_over.reason}"[:300],
    )  # fmt: skip


ports.register_leaver_group(
    LeaverGroup(
        "delegations", "Ủy quyền đang và sắp có hiệu lực", 60, _delegations, _end_delegations,
        advice="Ủy quyền còn hiệu lực đến ngày đã ghi; quản trị cơ quan kết thúc ở trang Ủy quyền.",
        needs_receiver=False,
    )
)  # fmt: skip
