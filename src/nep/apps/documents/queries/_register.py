"""The register of documents (danh mục tài liệu) as ISO asks for it: one line each."""

from dataclasses import dataclass
from datetime import date

from nep.apps.documents import rules
from nep.apps.documents.models import PaperCopy
from nep.apps.documents.queries._library import MOST_EXPORTED, LibraryFilter, filtered
from nep.apps.organization.rules import Actor


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One document of the register; `kept` says where its copies are."""

    code: str
    title: str
    kind_name: str
    issue: str
    amendment: str
    in_force_since: date | None
    owner_unit: str
    kept: str
    level_name: str
    status_name: str
    next_review_on: date | None


def register_lines(*, actor: Actor, filter: LibraryFilter, today: date) -> tuple[RegisterLine, ...]:
    """Return the documents of a filter by code, at most MOST_EXPORTED, in two queries."""
    rows = list(
        filtered(actor=actor, filter=filter, today=today)
        .order_by("code")
        .values_list(
            "id", "code", "title", "kind", "current__issue", "current__amendment",
            "in_force_since", "owner_unit__name", "level", "status", "next_review_on",
        )[:MOST_EXPORTED]
    )  # fmt: skip
    papers: dict[int, list[str]] = {}
    copies = PaperCopy.objects.filter(agency_id=actor.agency_id, ended_on=None)
    for document_id, holder in copies.order_by("document_id", "number").values_list(
        "document_id", "holder"
    ):
        papers.setdefault(document_id, []).append(holder)
    return tuple(
        RegisterLine(
            code, title, rules.KIND_NAMES.get(kind, kind), issue or "", amendment or "", since,
            unit or "", _kept(papers.get(id_, [])), rules.LEVEL_NAMES[level],
            rules.STATUS_NAMES[status], review,
        )
        for id_, code, title, kind, issue, amendment, since, unit, level, status, review in rows
    )  # fmt: skip


def _kept(holders: list[str]) -> str:
    known = ", ".join(dict.fromkeys(holders))
    return f"Bản điện tử trên hệ thống; bản giấy: {known}" if known else "Bản điện tử trên hệ thống"
