"""External documents and records of the demonstration, through the services only.

Symbols and titles of laws are public; days that were not read in a source are left out.
"""

from datetime import date, datetime
from typing import Any

from nep.apps.legal import services as legal
from nep.apps.legal.services import ExternalValues
from nep.apps.organization.rules import Actor
from nep.apps.procedures.queries import procedure_lines
from nep.apps.procedures.services import procedure_cite
from nep.apps.records import services as records
from nep.demonstration.procedures import actor_with
from nep.foundation.files.services import store
from nep.kernel.vietnamese import local

EXTERNAL: tuple[ExternalValues, ...] = (
    ExternalValues(
        "decree", "118/2025/NĐ-CP", "Thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa "
        "liên thông tại Bộ phận Một cửa và Cổng Dịch vụ công quốc gia", "Chính phủ",
        effective_from=date(2025, 7, 1),
    ),
    ExternalValues(
        "decree", "61/2018/NĐ-CP", "Về thực hiện cơ chế một cửa, một cửa liên thông trong giải "
        "quyết thủ tục hành chính", "Chính phủ", issued_on=date(2018, 4, 23),
    ),
    ExternalValues(
        "decision", "19/2014/QĐ-TTg", "Áp dụng Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc "
        "gia TCVN ISO 9001:2008 vào hoạt động của các cơ quan, tổ chức thuộc hệ thống hành chính "
        "nhà nước", "Thủ tướng Chính phủ", issued_on=date(2014, 3, 5),
        effective_from=date(2014, 5, 18),
    ),
    ExternalValues(
        "circular", "26/2014/TT-BKHCN", "Quy định chi tiết thi hành Quyết định số 19/2014/QĐ-TTg",
        "Bộ Khoa học và Công nghệ", issued_on=date(2014, 10, 10), effective_from=date(2014, 12, 1),
    ),
    ExternalValues(
        "decree", "30/2020/NĐ-CP", "Về công tác văn thư", "Chính phủ", issued_on=date(2020, 3, 5),
    ),
    ExternalValues("law", "33/2024/QH15", "Luật Lưu trữ", "Quốc hội",
                   effective_from=date(2025, 7, 1)),
    ExternalValues("standard", "TCVN ISO 9001:2015", "Hệ thống quản lý chất lượng – Các yêu cầu",
                   "Bộ Khoa học và Công nghệ", kept_at="Tủ tài liệu Văn phòng"),
)  # fmt: skip
SERIES: tuple[tuple[str, str, int | None, bool], ...] = (
    ("ISO.01", "Tài liệu Hệ thống quản lý chất lượng đã ban hành", None, True),
    ("ISO.02", "Biểu mẫu đã điền của quy trình hệ thống", 5, False),
    ("ISO.03", "Hồ sơ đánh giá nội bộ, xem xét của lãnh đạo", 10, False),
    ("TTHC.01", "Hồ sơ giải quyết thủ tục hành chính", 10, False),
    ("VP.01", "Công văn trao đổi về công tác văn phòng", None, False),
)
RULES = (("revision", "ISO.01"), ("form", "ISO.02"))
AUDIT = "Số;Nội dung;Kết luận\n1;Kiểm soát tài liệu;Phù hợp\n2;Kiểm soát hồ sơ;Lưu ý\n"


def build_records(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Fill an agency's register, its file plan, and one closed file of an internal audit."""
    secretary = actor_with(agency, "iso_secretary", agency_id=agency_id, now=now)
    leader = actor_with(agency, "leader", agency_id=agency_id, now=now)
    _register(secretary, now)
    year = local(now).year
    plan_id = records.plan_open(actor=secretary, year=year, now=now)
    lines = {
        code: records.series_keep(
            actor=secretary, plan_id=plan_id, code=code, title=title,
            unit_id=min(secretary.unit_ids), keeper_id=secretary.person_id, years=years,
            is_permanent=is_permanent, basis="", mark="?", now=now,
        )
        for code, title, years, is_permanent in SERIES
    }  # fmt: skip
    for source_type, code in RULES:
        records.deposit_rule_set(
            actor=secretary, source_type=source_type, series_code=code, now=now
        )
    mark = agency["code"].replace(".", "")
    records.plan_approve(actor=leader, plan_id=plan_id, decision=f"02/QĐ-{mark}", now=now)
    _audit(secretary, lines["ISO.03"], now)
    next_id = records.plan_open(actor=secretary, year=year + 1, copy_year=year, now=now)
    records.plan_approve(actor=leader, plan_id=next_id, decision=f"03/QĐ-{mark}", now=now)


def _register(secretary: Actor, now: datetime) -> None:
    """Write the texts down; one procedure still names the decree that was replaced."""
    ids = {one.number: legal.external_add(actor=secretary, values=one, now=now) for one in EXTERNAL}
    legal.external_replace(
        actor=secretary, external_id=ids["61/2018/NĐ-CP"], new_id=ids["118/2025/NĐ-CP"],
        on=date(2025, 7, 1), reason="Nghị định mới về cơ chế một cửa", now=now,
    )  # fmt: skip
    in_force = [
        line.revision_id for line in procedure_lines(agency_id=secretary.agency_id)
        if line.state == "in_force"
    ]  # fmt: skip
    for place, revision_id in enumerate(in_force[:4]):
        number = "61/2018/NĐ-CP" if place == 0 else "118/2025/NĐ-CP"
        procedure_cite(actor=secretary, revision_id=revision_id, external_id=ids[number], now=now)


def _audit(secretary: Actor, series_id: int, now: datetime) -> None:
    """Keep last year's internal audit as a closed file."""
    day = local(now).date()
    file_id = records.file_open(
        actor=secretary, series_id=series_id, now=now, medium="both", location="Kho 1, giá 2, hộp 4",
        title=f"Đánh giá nội bộ năm {day.year - 1}",
    )  # fmt: skip
    kept = store(
        data=AUDIT.encode(), name="ket-luan-danh-gia.csv", agency_id=secretary.agency_id,
        actor_id=secretary.person_id, at=now, kinds=("csv",),
    )  # fmt: skip
    for title, stored in (
        ("Kế hoạch đánh giá nội bộ", None),
        ("Bảng kết luận đánh giá nội bộ", kept.id),
    ):
        records.record_deposit(
            actor=secretary, series_id=None, title=f"{title} năm {day.year - 1}",
            source_type="upload", source_id=0, file_id=stored, record_file_id=file_id,
            made_on=day, now=now,
        )  # fmt: skip
    records.file_close(actor=secretary, file_id=file_id, now=now, sheets=42)
