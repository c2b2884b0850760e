"""The registers of risks and opportunities: lines, matrix, what is ranked for others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from nep.apps.actions import queries as actions
from nep.apps.actions.queries import ActionLine
from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor
from nep.apps.planning.models import Risk
from nep.apps.planning.queries._risk_scale import scale_of
from nep.apps.planning.rules import risks, scales
from nep.apps.planning.rules.scales import RISK, Scale
from nep.kernel.errors import NotFound
from nep.kernel.references import Reference
from nep.kernel.text import fold, whole_number
from nep.kernel.vietnamese import local

PAGE = 50
MOST_EXPORTED = 5_000
MOST_RANKED = 300
HIGH, UNRATED, TREATING, SETTLED, CLOSED, ALL = (
    "cao", "chua", "dang", "xong", "thoi", "tat-ca"
)  # fmt: skip
SCOPES: dict[str, str] = {
    "": "Đang theo dõi",
    HIGH: "Mức cao",
    UNRATED: "Chưa đánh giá",
    TREATING: "Đang ứng phó",
    SETTLED: "Đã kiểm tra, chấp nhận",
    CLOSED: "Thôi theo dõi",
    ALL: "Tất cả",
}
_PRODUCT = Coalesce("left_product", "product")
_LIKELIHOOD = Coalesce("left_likelihood", "likelihood")
_IMPACT = Coalesce("left_impact", "impact")


@dataclass(frozen=True, slots=True)
class RiskFilter:
    """What to list: `scope` is a key of SCOPES, `cell` a cell of the matrix; 0 means any."""

    kind: str = RISK
    scope: str = ""
    query: str = ""
    unit_id: int = 0
    likelihood: int = 0
    impact: int = 0

    @classmethod
    def read(cls, values: Mapping[str, str], kind: str) -> "RiskFilter":
        """Return the filter of a query string: loc, q, dv, o ("4x5")."""
        scope = values.get("loc", "")
        likelihood, _, impact = values.get("o", "").partition("x")
        return cls(
            kind=kind,
            scope=scope if scope in SCOPES else "",
            query=values.get("q", "")[:120].strip(),
            unit_id=whole_number(values.get("dv", "")),
            likelihood=whole_number(likelihood) if impact else 0,
            impact=whole_number(impact),
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        cell = f"{self.likelihood}x{self.impact}" if self.likelihood else ""
        unit = str(self.unit_id) if self.unit_id else ""
        found = {"loc": self.scope, "q": self.query, "dv": unit, "o": cell}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk or an opportunity of its register. `now_*` is the residual rating when verified."""

    id: int
    kind: str
    code: str
    title: str
    cause: str
    effect: str
    controls: str
    procedure_id: int | None
    procedure: str
    node: str
    step: str
    objective_id: int | None
    objective: str
    clause: str
    origin_kind: str
    origin_title: str
    origin_url: str
    unit_id: int | None
    unit: str
    owner_id: int | None
    owner: str
    state: str
    state_name: str
    method: str
    likelihood: int | None
    impact: int | None
    product: int | None
    level: str
    level_name: str
    left_product: int | None
    left_level: str
    left_level_name: str
    now_likelihood: int | None
    now_impact: int | None
    now_product: int | None
    now_level: str
    now_level_name: str
    judged_note: str
    judged_on: date | None
    review_on: date | None
    is_review_due: bool
    happened: int
    happened_on: date | None
    round: int
    opened_at: datetime
    ended_at: datetime | None

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return f"/rui-ro/{self.id}/"

    @property
    def where(self) -> str:
        """Return the procedure and the step, the objective and the clause it stands at."""
        return "; ".join(filter(None, (self.procedure, self.step, self.objective, self.clause)))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the matrix: its product, level and how many stand in it."""

    likelihood: int
    impact: int
    product: int
    level: str
    level_name: str
    count: int


@dataclass(frozen=True, slots=True)
class RiskRegister:
    """A page of a register with the counts of the whole and the matrix, highest likelihood first."""

    kind: str
    lines: tuple[RiskLine, ...]
    found: int
    offset: int
    open_count: int
    high: int
    unrated: int
    treating: int
    elsewhere: int
    scale: Scale
    matrix: tuple[tuple[Cell, ...], ...]

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        return risks.headline(
            kind=self.kind, open_count=self.open_count, high=self.high, unrated=self.unrated
        )


def risk_register(
    *, actor: Actor, filter: RiskFilter, today: date, offset: int = 0, limit: int = PAGE
) -> RiskRegister:
    """Return a page of a register, the highest product first; five queries besides names.

    The matrix shows what is rated by the agency's method now; `elsewhere` counts those rated by
    another one.
    """
    own = Risk.objects.filter(agency_id=actor.agency_id, kind=filter.kind)
    rows = _wanted(own, filter)
    scale = scale_of(agency_id=actor.agency_id)
    watched = Q(state__in=risks.OPEN_STATES)
    counts = own.aggregate(
        open=Count("id", filter=watched),
        high=Count("id", filter=watched & _level(scales.HIGH)),
        unrated=Count("id", filter=Q(state=risks.DRAFT)),
        treating=Count("id", filter=Q(state=risks.TREATING)),
        elsewhere=Count("id", filter=watched & ~Q(method__in=["", scale.method])),
    )
    ordered = rows.annotate(now=_PRODUCT).order_by(F("now").desc(nulls_last=True), "-id")
    return RiskRegister(
        kind=filter.kind,
        lines=lines_of(ordered[offset : offset + limit], actor.agency_id, today),
        found=rows.count(), offset=offset, open_count=counts["open"], high=counts["high"],
        unrated=counts["unrated"], treating=counts["treating"], elsewhere=counts["elsewhere"],
        scale=scale, matrix=_matrix(own.filter(watched, method=scale.method), scale),
    )  # fmt: skip


def _wanted(own: QuerySet[Risk], filter: RiskFilter) -> QuerySet[Risk]:
    rows = own.filter(_scope(filter.scope))
    if filter.unit_id:
        rows = rows.filter(unit_id=filter.unit_id)
    if filter.likelihood:
        rows = rows.annotate(at_likelihood=_LIKELIHOOD, at_impact=_IMPACT)
        rows = rows.filter(at_likelihood=filter.likelihood, at_impact=filter.impact)
    for word in fold(filter.query).split():
        rows = rows.filter(folded__contains=word)
    return rows


def _level(level: str) -> Q:
    return Q(left_level=level) | Q(left_level="", level=level)


def _scope(scope: str) -> Q:
    watched = Q(state__in=risks.OPEN_STATES)
    return {
        HIGH: watched & _level(scales.HIGH),
        UNRATED: Q(state=risks.DRAFT),
        TREATING: Q(state=risks.TREATING),
        SETTLED: Q(state__in=risks.ROUND_ENDED),
        CLOSED: Q(state=risks.CLOSED),
        ALL: Q(),
    }.get(scope, watched)


def _matrix(rows: QuerySet[Risk], scale: Scale) -> tuple[tuple[Cell, ...], ...]:
    grouped = rows.values(at_likelihood=_LIKELIHOOD, at_impact=_IMPACT).annotate(n=Count("id"))
    counted = {(one["at_likelihood"], one["at_impact"]): one["n"] for one in grouped.order_by()}
    places = range(1, scale.steps + 1)
    return tuple(
        tuple(_cell(scale, likelihood, impact, counted) for impact in places)
        for likelihood in reversed(places)
    )


def _cell(
    scale: Scale, likelihood: int, impact: int, counted: Mapping[tuple[int, int], int]
) -> Cell:
    product = likelihood * impact
    level = scales.level_of(scale, product)
    return Cell(
        likelihood, impact, product, level, scales.LEVEL_NAMES[level],
        counted.get((likelihood, impact), 0),
    )  # fmt: skip


def risks_of(*, agency_id: int, today: date, kind: str = "") -> tuple[RiskLine, ...]:
    """Return the risks and opportunities that an agency watches, the highest product first.

    At most three hundred; one query and names. For audits, reviews and objectives.
    """
    rows = Risk.objects.filter(agency_id=agency_id, state__in=risks.OPEN_STATES)
    if kind:
        rows = rows.filter(kind=kind)
    ordered = rows.annotate(now=_PRODUCT).order_by(F("now").desc(nulls_last=True), "id")
    return lines_of(ordered[:MOST_RANKED], agency_id, today)


def risk_line(*, agency_id: int, risk_id: int, today: date) -> RiskLine | None:
    """Return one risk of an agency, None for another's."""
    found = lines_of(Risk.objects.filter(pk=risk_id, agency_id=agency_id), agency_id, today)
    return found[0] if found else None


def risk_reference(*, actor: Actor, risk_id: int) -> Reference:
    """Return a risk of the actor's agency by name, for what comes from it. Raises NotFound."""
    row = Risk.objects.filter(pk=risk_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    title = f"{risks.KIND_NAMES[row.kind]} {code_of(row)}, {row.title}"[:400]
    return Reference(row.kind, row.id, title, f"/rui-ro/{row.id}/")


def is_taken(*, agency_id: int, key: str) -> bool:
    """Say whether a proposal stands in the register and is watched."""
    rows = Risk.objects.filter(agency_id=agency_id, source_key=key)
    return rows.exclude(state=risks.CLOSED).exists()


def taken_keys(agency_id: int) -> frozenset[str]:
    """Return the keys of the proposals that stand in the registers and are watched."""
    rows = Risk.objects.filter(agency_id=agency_id).exclude(source_key="")
    return frozenset(rows.exclude(state=risks.CLOSED).values_list("source_key", flat=True))


def lines_of(rows: Iterable[Risk], agency_id: int, today: date) -> tuple[RiskLine, ...]:
    """Return rows as their register shows them."""
    rows = list(rows)
    names = person_names([row.owner_id for row in rows])
    units = {unit.id: unit.name for unit in units_of(agency_id)}
    return tuple(_line(row, names, units, today) for row in rows)


def code_of(row: Risk) -> str:
    """Return the number of a risk as it is said: "RR 03/2026"; "CH" for an opportunity."""
    return f"{'RR' if row.kind == RISK else 'CH'} {row.number:02d}/{row.year}"


def _line(row: Risk, names: Mapping[int, str], units: Mapping[int, str], today: date) -> RiskLine:
    has_rest = row.left_product is not None
    level = row.left_level if has_rest else row.level
    return RiskLine(
        id=row.id, kind=row.kind, code=code_of(row), title=row.title, cause=row.cause,
        effect=row.effect, controls=row.controls, procedure_id=row.procedure_id,
        procedure=row.procedure_text, node=row.node, step=row.step_text,
        objective_id=row.objective_id, objective=row.objective_text, clause=row.clause,
        origin_kind=row.origin_kind, origin_title=row.origin_title, origin_url=row.origin_url,
        unit_id=row.unit_id, unit=units.get(row.unit_id or 0, ""), owner_id=row.owner_id,
        owner=names.get(row.owner_id or 0, ""), state=row.state,
        state_name=risks.state_name(row.kind, row.state), method=row.method,
        likelihood=row.likelihood, impact=row.impact, product=row.product, level=row.level,
        level_name=scales.LEVEL_NAMES[row.level], left_product=row.left_product,
        left_level=row.left_level, left_level_name=scales.LEVEL_NAMES[row.left_level],
        now_likelihood=row.left_likelihood if has_rest else row.likelihood,
        now_impact=row.left_impact if has_rest else row.impact,
        now_product=row.left_product if has_rest else row.product, now_level=level,
        now_level_name=scales.LEVEL_NAMES[level], judged_note=row.judged_note,
        judged_on=local_day(row.judged_at), review_on=row.review_on,
        is_review_due=bool(row.review_on and row.review_on <= today
                           and row.state in risks.ROUND_ENDED),
        happened=row.happened, happened_on=row.happened_on, round=row.round,
        opened_at=row.opened_at, ended_at=row.ended_at,
    )  # fmt: skip


def local_day(at: datetime | None) -> date | None:
    """Return the day of a moment on Vietnam's clock."""
    return local(at).date() if at else None


@dataclass(frozen=True, slots=True)
class PreventiveLine:
    """An action on a risk, as the 2008 edition sees it: what it prevents and whether it worked."""

    risk: RiskLine
    action: ActionLine


def preventive_lines(*, agency_id: int, today: date) -> tuple[PreventiveLine, ...]:
    """Return the actions on risks as preventive actions, the nearest day first; two queries, names.

    Source: TCVN ISO 9001:2008 điều 8.5.3.
    """
    rows = Risk.objects.filter(agency_id=agency_id, kind=RISK).order_by("-opened_at", "-id")
    known = {one.id: one for one in lines_of(rows[:MOST_RANKED], agency_id, today)}
    found = actions.of_origin(agency_id=agency_id, kind=RISK, ids=known, today=today)
    return tuple(PreventiveLine(known[one.origin_id], one) for one in found)
