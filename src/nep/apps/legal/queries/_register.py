"""The register as a list, its counts, its choices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from nep.apps.legal import rules
from nep.apps.legal.models import Citation, ExternalDocument
from nep.apps.organization.rules import Actor, may
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, fold, shorten, whole_number

PAGE = 50
MOST_EXPORTED = 5000
MOST_CHOICES = 30


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What to list; empty means any. `state` is a key of `STATE_NAMES` or "cited_expired"."""

    query: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "RegisterFilter":
        """Return the filter of a query string: q, loai, hl."""
        kind, state = values.get("loai", ""), values.get("hl", "")
        return cls(
            query=values.get("q", "")[:120].strip(),
            kind=kind if kind in rules.KIND_NAMES else "",
            state=state if state in {*rules.STATE_NAMES, "cited_expired"} else "",
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        found = {"q": self.query, "loai": self.kind, "hl": self.state}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One external document of the register; `state` is a key of `STATE_NAMES`."""

    id: int
    kind: str
    kind_name: str
    number: str
    title: str
    issuer: str
    issued_on: date | None
    effective_from: date | None
    expires_on: date | None
    state: str
    state_name: str
    chip: str
    replaced_by_id: int | None
    replaced_by: str
    citations: int
    level_name: str
    kept_at: str
    source_address: str
    checked_on: date | None
    has_file: bool
    note: str

    @property
    def name(self) -> str:
        """Return the kind and symbol, or the title of a text without one."""
        return f"{self.kind_name} {self.number}" if self.number else self.title


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of the register and the counts over the whole of it."""

    lines: tuple[RegisterLine, ...]
    found: int
    total: int
    ending: int
    expired: int
    expired_cited: int
    offset: int

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        return rules.headline(
            total=self.total, expired_cited=self.expired_cited, ending=self.ending
        )


def sees_restricted(actor: Actor) -> bool:
    """Say whether the actor sees restricted texts: who manages the register, who approves."""
    return bool(may(actor, "legal.manage") or may(actor, "document.approve"))


def visible(actor: Actor) -> Q:
    """Return the condition of texts the actor may see: restricted ones only who manages them."""
    own = Q(agency_id=actor.agency_id)
    if sees_restricted(actor):
        return own
    return own & ~Q(level="restricted")


def register(
    *, actor: Actor, filter: RegisterFilter, today: date, offset: int = 0, limit: int = PAGE
) -> RegisterPage:
    """Return a page of the register, newest issue first, with the counts of the whole.

    A fixed number of queries, however long it is; the counts read one index.
    """
    everything = ExternalDocument.objects.filter(visible(actor))
    rows = _found(everything, filter, today)
    ordered = rows.select_related("replaced_by").order_by("-issued_on", "-id")
    shown = list(ordered[offset : offset + limit])
    named = _named(row.id for row in shown)
    lines = tuple(line_of(row, today=today, citations=named.get(row.id, 0)) for row in shown)
    live = everything.filter(withdrawn_on=None)
    counts = live.aggregate(
        total=Count("id"),
        ending=Count("id", filter=_in_state(rules.ENDING, today)),
        expired=Count("id", filter=_in_state(rules.EXPIRED, today)),
    )
    cited = live.filter(_in_state(rules.EXPIRED, today), _is_cited()).count()
    known = {"": counts["total"], rules.ENDING: counts["ending"], rules.EXPIRED: counts["expired"]}
    known["cited_expired"] = cited
    is_counted = not filter.kind and not filter.query and filter.state in known
    return RegisterPage(
        lines=lines, found=known[filter.state] if is_counted else rows.count(),
        total=counts["total"], ending=counts["ending"], expired=counts["expired"],
        expired_cited=cited, offset=offset,
    )  # fmt: skip


def _is_cited() -> Exists:
    return Exists(Citation.objects.filter(external_id=OuterRef("pk")))


def _named(external_ids: Iterable[int]) -> dict[int, int]:
    """Return how often each of the texts is named."""
    rows = Citation.objects.filter(external_id__in=list(external_ids)).values("external_id")
    return {row["external_id"]: row["count"] for row in rows.annotate(count=Count("id"))}


def line_of(row: ExternalDocument, *, today: date, citations: int) -> RegisterLine:
    """Return a row as the register shows it."""
    state = rules.state_of(
        rules.Validity(row.effective_from, row.expires_on, row.withdrawn_on), today=today
    )
    new = row.replaced_by
    return RegisterLine(
        id=row.id, kind=row.kind, kind_name=rules.KIND_NAMES.get(row.kind, row.kind),
        number=row.number, title=row.title, issuer=row.issuer, issued_on=row.issued_on,
        effective_from=row.effective_from, expires_on=row.expires_on, state=state,
        state_name=rules.STATE_NAMES[state], chip=rules.CHIPS[state],
        replaced_by_id=row.replaced_by_id, replaced_by=(new.number or new.title) if new else "",
        citations=citations, level_name=rules.LEVEL_NAMES[row.level], kept_at=row.kept_at,
        source_address=row.source_address, checked_on=row.checked_on,
        has_file=row.file_id is not None, note=row.note,
    )  # fmt: skip


def choices(
    *, actor: Actor, today: date, query: str = "", without: int | None = None
) -> tuple[tuple[int, str], ...]:
    """Return (id, words) of texts that may be cited or take another's place, newest first.

    Those that hold every word of `query`, at most MOST_CHOICES; `chosen` reads the words back.
    """
    rows = _to_choose(actor, today, without)
    for word in fold(query).split():
        rows = rows.filter(folded__contains=word)
    newest = rows.order_by("-issued_on", "-id").values_list("id", "number", "title")
    return tuple((id_, _words(number, title)) for id_, number, title in newest[:MOST_CHOICES])


def by_symbol(*, actor: Actor, numbers: Iterable[str]) -> dict[str, int]:
    """Return {symbol in capitals without blanks: id} of texts of the register with these symbols.

    Withdrawn ones and those the actor may not see are left out; one query.
    """
    keys = {rules.number_key(number) for number in numbers} - {""}
    rows = ExternalDocument.objects.filter(
        visible(actor), number_key__in=keys, withdrawn_on=None
    ).order_by("id")
    return dict(rows.values_list("number_key", "id"))


def chosen(*, actor: Actor, typed: str, today: date, without: int | None = None) -> int:
    """Return the text that was typed: its id, its symbol, its words as offered, or part of them.

    Raises Refusal when no text or more than one is meant.
    """
    wanted = clean(typed).removesuffix("…").strip()
    if len(wanted) >= 12 and (external_id := whole_number(wanted)):
        return external_id
    rows = _to_choose(actor, today, without)
    named = rows.filter(number_key=rules.number_key(wanted)).exclude(number_key="")
    keys = list(named.values_list("id", flat=True)[:2]) if wanted else []
    found = choices(actor=actor, today=today, query=wanted, without=without) if wanted else ()
    if len(keys) != 1:
        offered = [id_ for id_, words in found if words.removesuffix("…").strip() == wanted]
        keys = offered or [id_ for id_, _text in found]
    if len(keys) == 1:
        return keys[0]
    if not keys:
        raise Refusal(
            "external_unknown",
            f"Không thấy văn bản “{wanted[:80]}” còn hiệu lực trong danh mục. Hãy ghi số, ký hiệu "
            "như trên văn bản, hoặc thêm văn bản vào danh mục trước.",
            field="new",
        )
    raise Refusal(
        "external_ambiguous",
        f"“{wanted[:80]}” khớp nhiều văn bản: {'; '.join(text for _id, text in found[:3])}. Hãy ghi "
        "thêm chữ của trích yếu.",
        field="new",
    )


def _to_choose(actor: Actor, today: date, without: int | None) -> QuerySet[ExternalDocument]:
    rows = ExternalDocument.objects.filter(visible(actor), withdrawn_on=None)
    return rows.exclude(_in_state(rules.EXPIRED, today)).exclude(pk=without or 0)


def _words(number: str, title: str) -> str:
    return shorten(f"{number} {title}".strip(), 110)


def _found(
    rows: QuerySet[ExternalDocument], wanted: RegisterFilter, today: date
) -> QuerySet[ExternalDocument]:
    if wanted.state == "cited_expired":
        rows = rows.filter(_in_state(rules.EXPIRED, today), _is_cited())
    elif wanted.state:
        rows = rows.filter(_in_state(wanted.state, today))
    else:
        rows = rows.filter(withdrawn_on=None)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if not wanted.query:
        return rows
    exact = rows.filter(
        Q(number_key=rules.number_key(wanted.query))
        | Q(folded__startswith="".join(fold(wanted.query).split()) + " ")
    )
    if any(char.isdigit() for char in wanted.query) and exact.exists():
        return exact
    for word in fold(wanted.query).split():
        rows = rows.filter(folded__contains=word)
    return rows


def _in_state(state: str, today: date) -> Q:
    """Return the condition of a state, the same as `rules.state_of` says."""
    live = Q(withdrawn_on=None)
    not_over = Q(expires_on=None) | Q(expires_on__gte=today)
    begun = Q(effective_from=None) | Q(effective_from__lte=today)
    soon = rules.ending_by(today)
    return {
        rules.WITHDRAWN: Q(withdrawn_on__isnull=False),
        rules.EXPIRED: live & Q(expires_on__lt=today),
        rules.COMING: live & not_over & Q(effective_from__gt=today),
        rules.ENDING: live & begun & Q(expires_on__gte=today, expires_on__lte=soon),
        rules.IN_FORCE: live & begun & (Q(expires_on=None) | Q(expires_on__gt=soon)),
    }[state]
