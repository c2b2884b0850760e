"""The book of papers given out: by year, form, number, case, who, when. Frozen values."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from nep.apps.cases.models import Case, GivenPaper, GivenValues
from nep.apps.cases.queries.form_editions import layout_of
from nep.apps.cases.rules.form_fields import FORM_NAMES
from nep.apps.cases.rules.form_layout import Layout
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.db import Mark, Prepared
from nep.kernel.errors import NotFound
from nep.kernel.text import clean, whole_number

PAGE = 50
MOST = 20_000


@dataclass(frozen=True, slots=True)
class GivenFilter:
    """What to list; empty means any. `query` is a number ("05", "05/PXL") or a case's code."""

    year: int = 0
    form: str = ""
    query: str = ""
    person_id: int = 0

    @classmethod
    def read(cls, values: Mapping[str, str], *, year: int) -> "GivenFilter":
        """Return the filter of a query string: nam, mau, q, nguoi; `year` where none is asked."""
        asked, person = values.get("nam", ""), values.get("nguoi", "")
        form = values.get("mau", "")
        return cls(
            year=int(asked) if asked.isdecimal() and len(asked) == 4 else year,
            form=form if form in FORM_NAMES else "",
            query=clean(values.get("q", ""))[:60],
            person_id=whole_number(person),
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values."""
        found = {"nam": str(self.year), "mau": self.form, "q": self.query}
        if self.person_id:
            found["nguoi"] = str(self.person_id)
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One paper of the book; the applicant is masked."""

    id: int
    form: str
    form_name: str
    number: int
    number_text: str
    case_id: int | None
    code: str
    about: str
    applicant: str
    at: datetime
    by: str
    edition: str
    is_erased: bool


@dataclass(frozen=True, slots=True)
class GivenBook:
    """A page of the book; `counts` is of the whole year, one for each form."""

    lines: tuple[GivenLine, ...]
    total: int
    counts: Mapping[str, int]
    years: tuple[int, ...]
    people: tuple[tuple[int, str], ...]
    after: str


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """A paper with all that is needed to print it as it was."""

    id: int
    form: str
    code: str
    number_text: str
    at: datetime
    kept_at: datetime
    layout: Layout
    values: Mapping[str, Any]


def given_book(
    *, actor: Actor, filter: GivenFilter, after: str = "", limit: int = PAGE
) -> GivenBook:
    """Return the papers the actor's agency gave out in a year, newest first."""
    whole = GivenPaper.objects.filter(agency_id=actor.agency_id, year=filter.year)
    rows = _found(whole, filter)
    page, place = rows, _place(after)
    if place is not None:
        at, paper_id = place
        page = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=paper_id))
    found = list(page.select_related("case", "edition").order_by("-at", "-id")[: limit + 1])
    people = [one for one in whole.values_list("by_id", flat=True).distinct() if one]
    names = organization.person_names(people)
    last = found[limit - 1] if len(found) > limit else None
    years = GivenPaper.objects.filter(agency_id=actor.agency_id).values_list("year", flat=True)
    return GivenBook(
        lines=tuple(_line(row, names) for row in found[:limit]),
        total=rows.count(),
        counts=dict(whole.values_list("form").annotate(n=Count("id"))),
        years=tuple(sorted({*years.distinct(), filter.year}, reverse=True)),
        people=tuple(sorted(names.items(), key=lambda pair: pair[1])),
        after=f"{last.at.timestamp():.6f}_{last.pk}" if last else "",
    )


_OF_CASE = Prepared(
    lambda: (
        GivenPaper.objects.filter(case_id=Mark("case"), agency_id=Mark("agency"))
        .select_related("case", "edition")
        .order_by("at", "id")
    )
)


_ONE = Prepared(
    lambda: GivenPaper.objects.filter(pk=Mark("given"), agency_id=Mark("agency")).select_related(
        "edition", "case"
    )
)
_VALUES = Prepared(lambda: GivenValues.objects.filter(pk=Mark("given")))


def papers_of(*, actor: Actor, case_id: int) -> tuple[GivenLine, ...]:
    """Return the papers given out for a case of the actor's agency, in their order."""
    found = _OF_CASE.objects(case=case_id, agency=actor.agency_id)
    names = organization.person_names([row.by_id for row in found])
    return tuple(_line(row, names) for row in found)


def given_facts(*, actor: Actor, given_id: int) -> GivenFacts:
    """Return one paper as it was given out. Raises NotFound, also when its values are erased."""
    row = _ONE.first(given=given_id, agency=actor.agency_id) if may(actor, "case.see") else None
    if row is None:
        raise NotFound("not_found", "Không tìm thấy văn bản này trong cơ quan của bạn.")
    kept = _VALUES.first(given=row.pk)
    if kept is None:
        raise NotFound(
            "paper_erased",
            "Nội dung văn bản này đã xóa theo quy định về dữ liệu cá nhân; sổ chỉ còn số và ngày.",
        )
    return GivenFacts(
        row.pk, row.form, row.case.code if row.case else row.about, row.number_text, row.at,
        row.kept_at, layout_of(row.edition), unpacked(bytes(kept.content)),
    )  # fmt: skip


def newest_like(
    *, case: Case | None, agency_id: int, form: str, digest: str, about: str = ""
) -> GivenPaper | None:
    """Return the newest paper of a case, or of the agency, that says the same."""
    rows = GivenPaper.objects.filter(
        agency_id=agency_id, case=case, form=form, digest=digest, about=about, erased_at=None
    )
    return rows.order_by("-id").first()


def kept_digest(edition_digest: str, values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an edition and values, without the day at the head of the paper."""
    said = {name: value for name, value in values.items() if name not in _NOT_COUNTED}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{edition_digest}\n{text}".encode()).hexdigest()


_NOT_COUNTED = frozenset({"place_date", "number", "year"})


def unpacked(content: bytes) -> dict[str, Any]:
    """Return values as they were kept."""
    return json.loads(zlib.decompress(content))


def _found(rows: QuerySet[GivenPaper], filter: GivenFilter) -> QuerySet[GivenPaper]:
    if filter.form:
        rows = rows.filter(form=filter.form)
    if filter.person_id:
        rows = rows.filter(by_id=filter.person_id)
    if filter.query:
        wanted = Q(case__code__iexact=filter.query) | Q(number_text__iexact=filter.query)
        if filter.query.isdecimal() and len(filter.query) < 9:
            wanted |= Q(number=int(filter.query))
        rows = rows.filter(wanted)
    return rows


def _place(after: str) -> tuple[datetime, int] | None:
    parts = after.split("_")
    try:
        return datetime.fromtimestamp(float(parts[0]), tz=UTC), int(parts[1])
    except (ValueError, IndexError, OverflowError, OSError):
        return None


def _line(row: GivenPaper, names: Mapping[int, str]) -> GivenLine:
    return GivenLine(
        id=row.pk, form=row.form, form_name=FORM_NAMES[row.form], number=row.number,
        number_text=row.number_text, case_id=row.case_id, code=row.case.code if row.case else "",
        about=row.about, applicant=row.case.applicant_mask if row.case else "", at=row.at,
        by=names.get(row.by_id or 0, ""), edition=row.edition.name,
        is_erased=row.erased_at is not None,
    )  # fmt: skip
