"""The papers of a review as PDF and Word: the inputs as they were frozen, the minutes.

Source: Nghị định 30/2020/NĐ-CP Phụ lục I (thể thức báo cáo, biên bản); the fields follow điều 9.3 of
TCVN ISO 9001:2015, the layout is the product's own.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.reviews import queries
from nep.apps.reviews.queries import ReviewPage
from nep.apps.reviews.rules import inputs as demands
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.inputs import Fact
from nep.foundation.printing import (
    Column,
    Paper,
    Signature,
    Signatures,
    Table,
    bold,
    italic,
    line,
    paper_docx,
    paper_pdf,
)
from nep.kernel.errors import Refusal
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import date_long, date_text, datetime_text, local

Ending = Literal["pdf", "docx"]
Kind = Literal["dau-vao", "bien-ban"]
LONGEST_FIGURE = 30
SUBJECT = "Xem xét của lãnh đạo về hệ thống quản lý chất lượng"


def review_paper(
    *, actor: Actor, review_id: int, kind: Kind, now: datetime, ending: Ending
) -> bytes:
    """Return the inputs or the minutes of a review. Raises NotFound; Refusal("no_minutes")."""
    page = queries.review_page(actor=actor, review_id=review_id, today=local(now).date())
    return paper_of(page, kind=kind, now=now, ending=ending)


def paper_of(page: ReviewPage, *, kind: Kind, now: datetime, ending: Ending) -> bytes:
    """Return a paper of a review that was read. Raises Refusal("no_minutes")."""
    if kind == "bien-ban" and page.minutes is None:
        raise Refusal("no_minutes", "Chưa có biên bản: cuộc họp chưa được ghi.")
    agency = organization.agency(page.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    is_minutes = kind == "bien-ban"
    at = page.written_at if is_minutes and page.written_at else page.frozen_at
    paper = Paper(
        title="Biên bản" if is_minutes else "Báo cáo",
        subtitle=f"Họp {SUBJECT[0].lower()}{SUBJECT[1:]}" if is_minutes
        else f"Đầu vào {SUBJECT[0].lower()}{SUBJECT[1:]}",
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}", issuer=agency.name,
        number=f"Số: {page.code}", place_date=place_and_date(place=place, at=at),
        blocks=_minutes(page) if is_minutes else _inputs(page),
    )  # fmt: skip
    return paper_pdf(paper, made_at=now) if ending == "pdf" else paper_docx(paper)


def _inputs(page: ReviewPage) -> tuple:
    blocks: list = [
        line(
            f"Kỳ xem xét: từ {date_text(page.starts_on)} đến {date_text(page.ends_on)}. Yêu cầu của "
            f"{page.edition_name}, điều {page.demands.clause}. Số liệu chốt lúc "
            f"{datetime_text(page.frozen_at)} (lần chốt {page.freezing}); cột “Kỳ trước” là quãng "
            "thời gian dài bằng kỳ này, liền trước đó.",
        ),
        line(
            f"Họp ngày {date_text(page.meets_on)}", f" lúc {page.meets_at}" if page.meets_at else "",
            f", tại {page.place}" if page.place else "", f"; chủ trì: {page.chair}.",
        ),
        line(bold("Nội dung họp")),
        *(line(f"{place}. {text}") for place, text in enumerate(page.agenda, start=1)),
    ]  # fmt: skip
    for place, one in enumerate(page.inputs, start=1):
        blocks.append(line(bold(f"{place}. {one.title} (điều {one.number})")))
        blocks += [line(text) for text in one.told]
        blocks += _facts(one.facts)
        if page.remarks.get(one.key):
            blocks.append(line(italic("Nhận xét: "), page.remarks[one.key]))
    blocks += [
        line(italic(f"Mã băm của đầu vào (SHA-256): {page.inputs_hash}"), after=8),
        Signatures((Signature("Người lập", name=page.prepared_by),
                    Signature("Chủ trì", name=page.chair))),
    ]  # fmt: skip
    return tuple(blocks)


def _facts(facts: Sequence[Fact]) -> Iterator[Table]:
    """Yield figures beside those of the period before, then what is told in words."""
    told = [one for one in facts if max(len(one.value), len(one.before)) > LONGEST_FIGURE]
    rows = tuple((one.label, one.value, one.before or "–") for one in facts if one not in told)
    if rows:
        columns = (Column("Chỉ số", 5), Column("Kỳ này", 1.6, "center"),
                   Column("Kỳ trước", 1.6, "center"))  # fmt: skip
        yield Table(columns, rows)
    if told:
        words = tuple(
            (one.label, f"{one.value} (kỳ trước: {one.before})" if one.before else one.value)
            for one in told
        )
        yield Table((Column("Nội dung", 2), Column("Ghi nhận", 5)), words)


def _minutes(page: ReviewPage) -> tuple:
    said = page.minutes
    assert said is not None
    held = date.fromisoformat(said["held_on"])
    blocks: list = [
        line(bold("1. Thời gian, địa điểm: "), f"{date_long(held)}",
             f", {page.meets_at}" if page.meets_at else "",
             f", tại {page.place}" if page.place else "", "."),
        line(bold("2. Có mặt: "), "; ".join(_posted(page, said["present"])), "."),
        line("Vắng mặt: ", "; ".join(_posted(page, said["absent"])) or "không", "."),
        line("Chủ trì: ", page.chair, ". Ghi biên bản: ", page.written_by, "."),
        line(bold("3. Nội dung")),
        *(line(f"{place}. {text}") for place, text in enumerate(page.agenda, start=1)),
        line(
            f"Cuộc họp xem báo cáo đầu vào kỳ {date_text(page.starts_on)} – {date_text(page.ends_on)}, "
            f"chốt lúc {datetime_text(page.frozen_at)}."
        ),
        *_followed(said["followed"]),
        line(bold("4. Kết luận chung: "), life.VERDICT_NAMES[said["verdict"]], ". ",
             said["conclusion"]),
        line(bold("5. Kết luận từng mục")),
        *(line(f"{one.title} (điều {one.number}): ",
               said["outputs"].get(one.key, demands.NOTHING_ELSE))
          for one in page.demands.outputs),
        line(bold("6. Quyết định")),
    ]  # fmt: skip
    if said["decisions"]:
        columns = (Column("TT", 0.5, "center"), Column("Việc phải làm", 5), Column("Người làm", 2),
                   Column("Hạn", 1.6, "center"))  # fmt: skip
        rows = tuple(
            (str(place), one["title"], one["owner"], date_text(date.fromisoformat(one["due_on"])))
            for place, one in enumerate(said["decisions"], start=1)
        )
        blocks.append(Table(columns, rows))
    else:
        blocks.append(line("Không có quyết định mới."))
    if page.approved_at:
        blocks.append(
            line(italic(
                f"Phê duyệt: xác nhận trên hệ thống bởi {page.approved_by} lúc "
                f"{datetime_text(page.approved_at)}. Mã băm của biên bản (SHA-256): "
                f"{page.minutes_hash}"
            ))
        )  # fmt: skip
    else:
        blocks.append(line(italic("Biên bản chưa được phê duyệt.")))
    blocks.append(
        Signatures((Signature("Người ghi biên bản", name=page.written_by),
                    Signature("Chủ trì", name=page.chair)))
    )  # fmt: skip
    return tuple(blocks)


def _followed(lines: list[dict]) -> list:
    if not lines:
        return [line("Việc của lần xem xét trước: không còn việc nào chưa xong.")]
    columns = (Column("Việc của lần xem xét trước", 5), Column("Người làm", 2),
               Column("Hạn", 1.6, "center"), Column("Tình trạng", 1.8))  # fmt: skip
    rows = tuple(
        (f"{one['title']} ({one['code']})", one["owner"],
         date_text(date.fromisoformat(one["due_on"])), one["state"])
        for one in lines
    )  # fmt: skip
    return [
        line("Việc của lần xem xét trước chưa xong; cuộc họp kết luận theo dõi tiếp:"),
        Table(columns, rows),
    ]


def _posted(page: ReviewPage, names: list[str]) -> list[str]:
    posts = {one.name: one.position for one in page.participants}
    return [f"{name}, {posts[name]}" if posts.get(name) else name for name in names]
