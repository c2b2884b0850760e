"""An ISO secretary hands the running year over; what is given is frozen with its hash.

Source: TCVN ISO 9001:2015 điều 5.3, 7.1.6.
"""

import hashlib
import json
from datetime import datetime
from typing import Literal

from django.db import transaction

from nep.apps.conformity import queries
from nep.apps.conformity.models import SecretaryHandover
from nep.apps.conformity.rules import handover as rules
from nep.apps.conformity.services._declaration_ground import end_of
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.foundation.numbering.services import take_number
from nep.foundation.printing import (
    Column,
    Paper,
    Signature,
    Signatures,
    Table,
    bold,
    line,
    paper_docx,
    paper_pdf,
)
from nep.kernel.decisions import Refused, require
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.places import locality, place_and_date
from nep.kernel.text import clean_lines
from nep.kernel.vietnamese import local

SOURCE, SECRETARY = "secretary_handover", "iso_secretary"
DAYS = 5


@transaction.atomic
def handover_make(
    *, actor: Actor, giver_id: int, receiver_id: int, remark: str, now: datetime
) -> int:
    """Freeze what the ISO secretary hands over and ask the receiver to confirm; return its id.

    Raises Forbidden; Refusal("same_person", "not_secretary", "giver_unknown",
    "giver_no_secretary").
    """
    today = local(now).date()
    require(may(actor, "year.manage"))
    members = {one.id: one for one in organization.members(agency_id=actor.agency_id, today=today)}
    if receiver_id not in members:
        raise Refusal("receiver_unknown", "Hãy chọn người nhận trong danh sách.", field="receiver")
    if giver_id not in members:
        raise Refusal("giver_unknown", "Hãy chọn người giao trong danh sách.", field="giver")
    if giver_id not in organization.ever_held(agency_id=actor.agency_id, role=SECRETARY):
        raise Refusal(
            "giver_no_secretary", "Người giao phải đang hoặc từng giữ vai trò thư ký ISO.",
            field="giver",
        )  # fmt: skip
    require(
        rules.decide_handover(
            actor, giver_id=giver_id, receiver_id=receiver_id,
            receiver_roles=members[receiver_id].roles,
        ), kind=Refusal,
    )  # fmt: skip
    content = queries.handover_content(actor=actor, giver_id=giver_id, today=today)
    row = SecretaryHandover.objects.create(
        agency_id=actor.agency_id, year=today.year, giver_id=giver_id, receiver_id=receiver_id,
        number=take_number(agency_id=actor.agency_id, book="bàn giao thư ký ISO", year=today.year),
        remark=clean_lines(remark), content=content, seal=_seal(content, remark),
        made_by_id=actor.person_id, made_at=now,
    )  # fmt: skip
    row.item_id = work.item_open(
        batch=None, agency_id=actor.agency_id, kind="year", title="Nhận bàn giao thư ký ISO",
        detail=f"Người giao: {members[giver_id].name}", link=f"/nam-iso/ban-giao/{row.id}/",
        source_type=SOURCE, source_id=row.id, opened_at=now, person_id=receiver_id,
        due_at=end_of(actor.agency_id, workcal.working_day_after(
            agency_id=actor.agency_id, day=today, count=DAYS)), step_label="Đọc và xác nhận đã nhận",
    )  # fmt: skip
    row.save(update_fields=["item_id"])
    _note(actor, row, "made", now)
    return row.id


@transaction.atomic
def handover_receive(*, actor: Actor, handover_id: int, now: datetime) -> None:
    """Say as the receiver that the work was received.

    Raises NotFound; Forbidden("not_receiver"); Refusal("received_already").
    """
    row = (
        SecretaryHandover.objects.select_for_update(of=("self",))
        .filter(pk=handover_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    decision = rules.decide_receive(
        actor, receiver_id=row.receiver_id, received=row.received_at is not None
    )
    if isinstance(decision, Refused):
        require(decision, kind=Forbidden if decision.code == "not_receiver" else Refusal)
    row.received_at = now
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=actor.person_id)
        row.item_id = None
    row.save(update_fields=["received_at", "item_id"])
    _note(actor, row, "received", now)


def handover_paper(
    *, actor: Actor, handover_id: int, ending: Literal["pdf", "docx"], now: datetime
) -> bytes:
    """Return the minutes of a hand-over from what was frozen. Raises NotFound."""
    page = queries.handover_page(actor=actor, handover_id=handover_id)
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    paper = Paper(
        title="Biên bản bàn giao công việc thư ký ISO", issuer=agency.name,
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}",
        number=f"Số: {page.line.code}", place_date=place_and_date(place=place, at=page.line.made_at),
        blocks=_blocks(page),
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _blocks(page: queries.HandoverPage) -> tuple:
    told = page.content
    return (
        line(bold("Người giao: "), page.line.giver, ". ", bold("Người nhận: "), page.line.receiver,
             "."),
        line(bold("Tình hình: "), f"{told['headline']}. {told['declaration']}."),
        line(bold("Việc tiếp theo: "), told["next"], "."),
        line(bold("1. Việc của năm còn phải làm")),
        _table(("Việc", 4), ("Hạn", 1.5), ("Tình trạng", 1.9), ("Ghi chú", 3),
               rows=[(o["title"], o["due"], o["state"], o["told"]) for o in told["open_lines"]]),
        line(bold("2. Việc người giao đang giữ")),
        _table(("Việc", 5), ("Mã", 2), rows=[(o["title"], o["code"]) for o in told["items"]]),
        line(bold("3. Sự không phù hợp đang mở")),
        _table(("Nội dung", 5), ("Số", 1.9), ("Hạn", 1.5), ("Tình trạng", 2),
               rows=[(o["title"], o["code"], o["due"], o["state"]) for o in told["sheets"]]),
        line(bold("4. Hành động đang mở")),
        _table(("Việc", 5), ("Người làm", 2), ("Hạn", 1.4),
               rows=[(o["title"], o["owner"], o["due"]) for o in told["actions"]]),
        line(bold("5. Việc của năm đã xong")),
        _table(("Việc", 4), ("Ngày", 1.4), ("Ghi chú", 4.2),
               rows=[(o["title"], o["on"], o["told"]) for o in told["done_lines"]]),
        line(bold("6. Người cần biết")),
        _table(("Vai trò", 3.2), ("Người", 2.6), ("Chức vụ, đơn vị", 5),
               rows=[(o["role"], o["name"], o["post"]) for o in told["contacts"]]),
        line(bold("7. Bắt đầu từ đâu")),
        *(line(f"- {o['name']} ({o['url']}): {o['why']}") for o in told["tour"]),
        *([line(bold("Ghi chú của người giao: "), page.remark)] if page.remark else []),
        line(f"Mã niêm phong SHA-256: {page.seal}."),
        Signatures((Signature("Người giao", name=page.line.giver),
                    Signature("Người nhận", name=page.line.receiver))),
    )  # fmt: skip


def _table(*columns: tuple[str, float], rows: list) -> Table:
    empty = ("Không có", *("" for _ in columns[1:]))
    return Table(tuple(Column(name, weight) for name, weight in columns),
                 tuple(tuple(row) for row in rows) or (empty,))  # fmt: skip


def _seal(content: dict, remark: str) -> str:
    said = json.dumps([content, clean_lines(remark)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _note(actor: Actor, row: SecretaryHandover, what: str, now: datetime) -> None:
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=f"hand_over.{what}",
        object_type=SOURCE, object_id=row.id, at=now,
        new={"giver": row.giver_id, "receiver": row.receiver_id, "seal": row.seal},
    )  # fmt: skip
