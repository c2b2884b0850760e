"""A small world for tests that cross apps: the demonstration's agencies, marked where asked.

Built through the services only, so that it is always legal.
"""

import copy
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import docx
from django.test import Client

from nep.apps.cases.services import (
    Applicant,
    CaseMade,
    PaperGiven,
    case_accept,
    case_receive_incomplete,
    case_supplement_request,
)
from nep.apps.cases.services.fed import fed_look
from nep.apps.documents.rules import AUTHOR_CHECKER
from nep.apps.documents.services import exception_grant
from nep.apps.legal import services as legal
from nep.apps.organization.queries import person_page
from nep.apps.organization.services import agency_code_add, delegation_start
from nep.apps.procedures.queries import procedure_page, tthc_lines
from nep.apps.procedures.services import (
    PaperValues,
    TthcValues,
    procedure_create,
    revision_confirm,
    revision_publish,
    revision_submit,
    tthc_create,
    word_upload,
)
from nep.apps.records import services as records
from nep.apps.workcal.services import day_rule_add
from nep.config.commands.migrate import load_reference
from nep.demonstration import facts
from nep.demonstration.agencies import build_agency
from nep.demonstration.procedures import actor_with, build_procedures, draft_of
from nep.foundation.files.services import store
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN

BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
DEPARTMENT, WARD, COMMUNE = range(3)


def agency_facts(number: int) -> dict[str, Any]:
    """Return one of the demonstration's agencies as data that a test may change."""
    return copy.deepcopy(facts.agencies()[number])


def build(agency: dict[str, Any], *, now: datetime = BEGINNING, procedures: bool = True) -> int:
    """Build an agency, with its procedures in force; return its id."""
    load_reference()
    agency_id = build_agency(agency, now=now, since=now.date())
    if procedures:
        build_procedures(agency, agency_id=agency_id, now=now)
    return agency_id


def marked(agency: dict[str, Any], mark: str) -> dict[str, Any]:
    """Return the agency with a mark in every name and text."""
    for field in ("name", "reception_name", "address", "phone"):
        agency[field] = f"{agency[field]} {mark}"
    for unit in agency["units"]:
        unit["name"] = f"{unit['name']} {mark}"
    for person in agency["people"]:
        person["name"] = f"{person['name']} {mark}"
        person["position"] = f"{person['position']} {mark}"
    return agency


def signed_in(login: str) -> Client:
    """Return a browser in which this person of the demonstration has logged in."""
    client = Client()
    answer = client.post("/dang-nhap/", {"username": login, "password": facts.password()})
    if answer.status_code != 302:
        raise AssertionError(f"{login} cannot log in: {answer.status_code}")
    return client


def login_with(agency: dict[str, Any], role: str) -> str:
    """Return the log-in name of the first person with a role, of those with the fewest others."""
    people = [person for person in agency["people"] if role in person["roles"]]
    return min(people, key=lambda person: len(person["roles"]))["login"]


def fill(agency: dict[str, Any], agency_id: int, *, mark: str = "") -> list[CaseMade]:
    """Give an agency one of everything it may hold, each text with the mark; return its cases."""
    now = BEGINNING + timedelta(days=2, hours=1)
    secretary = actor_with(agency, "iso_secretary", agency_id=agency_id, now=now)
    leader = actor_with(agency, "leader", agency_id=agency_id, now=now)
    admin = actor_with(agency, "agency_admin", agency_id=agency_id, now=now)
    day_rule_add(
        actor=admin, now=now, agency_id=agency_id, on=datetime(2026, 11, 25, tzinfo=VN).date(),
        kind="closure", name=f"Nghỉ cơ quan {mark}", reason=f"Mất điện {mark}",
    )  # fmt: skip
    exception_grant(actor=leader, pair=AUTHOR_CHECKER, reason=f"Văn phòng ít người {mark}", now=now)
    page = person_page(agency_id=agency_id, person_id=leader.person_id, today=now.date())
    delegation_start(
        actor=leader, now=now, agency_id=agency_id, appointment_id=page.hats[0].id,
        receiver_id=secretary.person_id, prefix="TUQ.", starts_on=now.date(),
        ends_on=datetime(2026, 12, 30, tzinfo=VN).date(), scope=f"Phạm vi {mark}",
        document=f"Giấy ủy quyền số 5 {mark}",
    )  # fmt: skip
    agency_code_add(
        actor=admin, now=now, agency_id=agency_id, scheme=f"Mã cũ {mark}",
        code=f"000.{agency_id % 9973}.H99",
    )  # fmt: skip
    word_upload(actor=secretary, uploads=[(f"quy trình {mark}.docx", word_file(mark))], now=now)
    fed_look(
        actor=secretary, now=now, name=f"một cửa {mark}.csv",
        data=f"Mã hồ sơ,Bước,Bắt đầu,Kết thúc\nA-1 {mark},Tiếp nhận,07/01/2026 08:00,\n".encode(),
    )  # fmt: skip
    _records(agency, agency_id, mark=mark, now=now)
    _extra_procedures(agency, agency_id, mark=mark, now=now)
    cases = _some_cases(agency, agency_id, mark=mark, now=now)
    drain(now=datetime.now(UTC))
    return cases


def _records(agency: dict[str, Any], agency_id: int, *, mark: str, now: datetime) -> None:
    """Give an agency an external document, a plan, files handed over, proposed and passed on."""
    secretary = actor_with(agency, "iso_secretary", agency_id=agency_id, now=now)
    admin = actor_with(agency, "agency_admin", agency_id=agency_id, now=now)
    legal.external_add(
        actor=secretary, now=now, follow=True, upload=(f"vb {mark}.pdf", b"%PDF-1.4"),
        values=legal.ExternalValues("decree", "118/2025/NĐ-CP", f"Một cửa {mark}"),
    )  # fmt: skip
    plan_id = records.plan_open(actor=secretary, year=now.year, now=now)
    series_id = records.series_keep(
        actor=secretary, plan_id=plan_id, code="ISO.01", title=f"Hồ sơ {mark}", unit_id=None,
        keeper_id=None, years=5, is_permanent=False, basis="", mark="?", now=now,
    )  # fmt: skip
    files = []
    for number in range(3):
        common = {"actor": secretary, "now": now}
        file_id = records.file_open(series_id=series_id, title=f"Tập {number} {mark}", **common)
        kept = store(
            data=f"a;b\n{number};{mark}\n".encode(), name="so.csv", agency_id=agency_id,
            actor_id=secretary.person_id, at=now, kinds=("csv",),
        )  # fmt: skip
        records.record_deposit(
            series_id=None, title=f"Sổ {mark}", source_type="upload", source_id=0,
            file_id=kept.id, record_file_id=file_id, made_on=now.date(), **common,
        )  # fmt: skip
        files.append(file_id)
    for file_id in files[1:]:
        records.file_close(actor=secretary, file_id=file_id, now=now)
    records.transfer_make(
        actor=secretary, file_ids=files[1:2], receiver=f"Người nhận {mark}", receiver_position="",
        remark="", now=now,
    )  # fmt: skip
    later = now.replace(year=now.year + 7)
    records.disposal_propose(actor=secretary, file_ids=files[2:], remark=mark, now=later)
    records.file_open(
        actor=secretary, series_id=series_id, title=f"Bàn giao {mark}", now=now,
        keeper_id=admin.person_id,
    )  # fmt: skip
    records.leaver_hand_over(
        actor=secretary, person_id=admin.person_id, receivers={"files": secretary.person_id},
        reason=f"Chuyển công tác {mark}", now=now,
    )  # fmt: skip


def word_file(mark: str = "") -> bytes:
    """Return a small Word file with one step table."""
    document = docx.Document()
    document.add_heading(f"QUY TRÌNH CẤP GIẤY XÁC NHẬN {mark}", 1)
    document.add_paragraph("Mã thủ tục: 1.234567. Thời hạn: 02 ngày làm việc.")
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(
        table.rows[0].cells, ("Bước", "Trình tự", "Trách nhiệm", "Thời gian"), strict=True
    ):
        cell.text = text
    for row in (
        ("Bước 1", f"Tiếp nhận {mark}", "Bộ phận một cửa", "0,5 ngày làm việc"),
        ("Bước 2", f"Thẩm định {mark}", "Công chức tư pháp", "1 ngày làm việc"),
        ("Bước 3", f"Ký {mark}", "Chủ tịch UBND", "0,5 ngày làm việc"),
    ):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _extra_procedures(agency: dict[str, Any], agency_id: int, *, mark: str, now: datetime) -> None:
    """Add one procedure in force and one draft, marked."""
    author, checker, approver = (
        actor_with(agency, role, agency_id=agency_id, now=now)
        for role in ("iso_secretary", "unit_head", "leader")
    )
    for number in (1, 2):
        content = copy.deepcopy(facts.procedures(agency)[0])
        content |= {"name": f"Thủ tục thêm {number} {mark}", "document": f"QT-THEM-{number}"}
        for step in content["steps"]:
            step["name"] = f"{step['name']} {mark}"
        values = TthcValues(
            name=content["name"], code=f"9.00{agency_id % 997:03d}{number}", field=f"Hộ tịch {mark}",
            limit_amount=Decimal(3), limit_unit="working_day", result=f"Trích lục {mark}",
            papers=(PaperValues(f"Tờ khai {mark}"),), legal_basis=f"Luật {mark}",
        )  # fmt: skip
        tthc_id = tthc_create(actor=author, now=now, values=values)
        begun = procedure_create(
            actor=author, tthc_id=tthc_id, now=now, draft=draft_of(content, Decimal(3)),
            code=content["document"],
        )  # fmt: skip
        if number == 1:
            publish(begun.revision_id, author, checker, approver, now=now)


def publish(revision_id: int, author, checker, approver, *, now: datetime) -> None:
    """Bring a draft into force through three people."""
    revision_submit(actor=author, revision_id=revision_id, checker_id=checker.person_id, now=now)
    seal = procedure_page(revision_id=revision_id, agency_id=author.agency_id).content_hash
    revision_confirm(
        actor=checker, revision_id=revision_id, content_hash=seal,
        approver_id=approver.person_id, now=now,
    )  # fmt: skip
    revision_publish(
        actor=approver, revision_id=revision_id, content_hash=seal, effective_from=now.date(),
        now=now,
    )  # fmt: skip


def _some_cases(
    agency: dict[str, Any], agency_id: int, *, mark: str, now: datetime
) -> list[CaseMade]:
    """Take in a running case, a paused one, and one that waits for papers."""
    reception = actor_with(agency, "reception", agency_id=agency_id, now=now)
    lines = tthc_lines(agency_id=agency_id, query="them 1")
    applicant = Applicant(
        f"Nguyễn Thị {mark} Lụa", identity="038000000000", phone="0999 111 222",
        email="lua@example.vn", address=f"Thôn {mark}",
    )  # fmt: skip
    paper = PaperGiven(
        f"Tờ khai {mark}", upload=(f"to-khai {mark}.pdf", b"%PDF-1.4 " + mark.encode())
    )
    common = {"actor": reception, "now": now, "tthc_id": lines[0].id, "applicant": applicant}
    running = case_accept(papers=[paper], **common)
    paused = case_accept(papers=[paper], **common)
    case_supplement_request(
        actor=reception, now=now + timedelta(minutes=5), case_id=paused.id,
        reason=f"Thiếu bản sao hộ khẩu {mark}", papers=[{"name": f"Bản sao {mark}"}],
    )  # fmt: skip
    waiting = case_receive_incomplete(
        papers=[PaperGiven(f"Đơn {mark}", state="thieu")], reason=f"Thiếu đơn {mark}", **common
    )
    return [running, paused, waiting]
