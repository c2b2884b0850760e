"""The ISO year of an agency opened, and its way towards declaring as far as its evidence reaches."""

from datetime import date, datetime, timedelta
from typing import Any

from nep.apps.conformity import queries, services
from nep.apps.conformity.rules import declaration as law
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.demonstration.procedures import actor_with
from nep.kernel.vietnamese import local

SAID = (
    "Đã mở báo cáo đánh giá nội bộ, các phiếu khắc phục đã đóng và biên bản xem xét; hệ thống được áp "
    "dụng cho mọi thủ tục trong phạm vi và có hiệu lực."
)


def build_conformity(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Open this year's obligations, add one of the agency's own, and walk towards declaring.

    Each step is taken only where nothing of its gates is missing, so the demonstration stands where
    its documents, audits and reviews let it stand.
    """
    _open_year(agency, agency_id, now)
    _declare(agency, agency_id, now)


def _open_year(agency: dict[str, Any], agency_id: int, now: datetime) -> None:
    begins = now.replace(month=1, day=5, hour=9, minute=10)
    opened = min(now, max(now - timedelta(days=300), begins))
    secretary = actor_with(agency, "iso_secretary", agency_id=agency_id, now=opened)
    year = local(opened).year
    services.year_open(actor=secretary, year=year, copy=False, now=opened)
    services.year_item_keep(
        actor=secretary, year=year, code="", title="Tập huấn nghiệp vụ một cửa cho công chức mới",
        due_on=date(year, 10, 15), role="unit_head", minutes=120, now=opened,
    )  # fmt: skip
    services.year_item_tick(
        actor=secretary, year=year, code="rieng-1", on=local(opened).date(),
        evidence="Lớp tập huấn tại hội trường, danh sách 12 người dự.",
        now=min(now, opened + timedelta(days=200)),
    )  # fmt: skip


def _declare(agency: dict[str, Any], agency_id: int, now: datetime) -> None:
    def who(role: str, at: datetime) -> Actor:
        return actor_with(agency, role, agency_id=agency_id, now=at)

    facts = organization.agency(agency_id)
    at = now - timedelta(days=9)
    declaration_id = services.declaration_start(
        actor=who("iso_secretary", at), edition="2015", reason="first", now=at,
        scope_text=f"Giải quyết thủ tục hành chính cho tổ chức, cá nhân tại {facts.name}.",
        lead_unit=f"Sở Khoa học và Công nghệ {facts.province}",
    )  # fmt: skip
    own: dict[str, Any] = {"declaration_id": declaration_id}

    def ready(move: str, at: datetime) -> bool:
        page = queries.declaration_page(
            actor=who("leader", at), declaration_id=declaration_id, today=local(at).date()
        )
        return page.next_move == move and page.ready

    if not ready(law.APPLY, at):
        return
    services.declaration_apply(actor=who("iso_secretary", at), now=at, **own)
    at = now - timedelta(days=6)
    if not ready(law.CONFIRM, at):
        return
    services.declaration_confirm(actor=who("leader", at), text=SAID, now=at, **own)
    at = now - timedelta(days=4)
    if not ready(law.DECLARE, at):
        return
    services.declaration_declare(
        actor=who("leader", at), on=local(at).date(), number="", now=at, **own
    )
    at = now - timedelta(days=3)
    for kind, place, url in (
        (law.NOTICE, f"Sở Khoa học và Công nghệ {facts.province}", ""),
        (law.OFFICE, f"Bảng niêm yết của {facts.reception_name}", ""),
        (
            law.WEB,
            "Trang thông tin điện tử của cơ quan",
            f"https://{facts.code.lower()}.example.vn/iso",
        ),
    ):
        services.declaration_post(
            actor=who("iso_secretary", at), kind=kind, place=place, url=url, on=local(at).date(),
            now=at, **own,
        )  # fmt: skip
