"""Evidence packs of an agency, and what one holds."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.db.models import Count

from nep.apps.conformity.models import EvidencePack, PackFile
from nep.apps.conformity.queries import _pack_invariants  # noqa: F401  # registers what must hold
from nep.apps.conformity.rules import pack as law
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.kernel.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack of the list."""

    id: int
    year: int
    ends_on: date
    state: str
    state_name: str
    chip: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    files: int
    size: int
    sha256: str
    place: int
    fault: str


@dataclass(frozen=True, slots=True)
class PackList:
    """The packs of an agency, the newest first."""

    lines: tuple[PackLine, ...]
    may_make: bool

    @property
    def building(self) -> PackLine | None:
        """Return the pack that is being made."""
        return next((one for one in self.lines if one.state == law.BUILDING), None)

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        done = sum(one.state == law.DONE for one in self.lines)
        return law.headline(count=done, building=self.building is not None)


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point with its files (title, size), what it leaves out (title, why); `is_gathered` once the
    worker has been there."""

    number: str
    title: str
    statement: str
    files: tuple[tuple[str, int], ...]
    without: tuple[tuple[str, str], ...]
    is_gathered: bool


@dataclass(frozen=True, slots=True)
class PackPage:
    """One pack with its points."""

    line: PackLine
    points: tuple[PointLine, ...]
    file_id: int | None

    @property
    def empty(self) -> int:
        """Return how many points have neither a file nor words."""
        return sum(not one.files and not one.statement for one in self.points)

    @property
    def without(self) -> int:
        """Return how much is told without a file."""
        return sum(len(one.without) for one in self.points)

    @property
    def gathered(self) -> int:
        """Return the size of the files gathered so far, in bytes."""
        return sum(size for one in self.points for _, size in one.files)

    @property
    def doing(self) -> str:
        """Return the point that is gathered next, "" while the archive is closed."""
        place = self.line.place
        return self.points[place].title if place < len(self.points) else ""

    @property
    def percent(self) -> int:
        """Return how far the gathering is, 0 to 100."""
        steps = len(self.points) + 1
        return 100 if self.line.state == law.DONE else 100 * self.line.place // steps


@lru_cache(maxsize=1)
def pack_points() -> law.Points:
    """Return the points a pack is laid out by."""
    return law.read_points(settings.PACK_POINTS)


def packs(*, actor: Actor) -> PackList:
    """Return the packs of the actor's agency; two queries."""
    rows = EvidencePack.objects.filter(agency_id=actor.agency_id).annotate(n=Count("files"))
    found = list(rows.order_by("-asked_at", "-id")[:PAGE])
    names = person_names([row.asked_by_id for row in found])
    return PackList(
        tuple(_line(row, names, row.n) for row in found), bool(may(actor, "declaration.manage"))
    )


def pack_page(*, actor: Actor, pack_id: int) -> PackPage:
    """Return one pack of the actor's agency. Raises NotFound."""
    row = EvidencePack.objects.filter(pk=pack_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    held: dict[str, list[tuple[str, int]]] = {}
    files = PackFile.objects.filter(pack=row).order_by("path")
    for point, title, size in files.values_list("point", "title", "size"):
        held.setdefault(point, []).append((title, size))
    left: dict[str, list[tuple[str, str]]] = {}
    for one in row.left_out:
        left.setdefault(one["point"], []).append((one["title"], one["why"]))
    count = sum(map(len, held.values()))
    return PackPage(
        line=_line(row, person_names([row.asked_by_id]), count),
        points=tuple(
            PointLine(one.number, one.title, row.statements.get(one.key, ""),
                      tuple(held.get(one.key, ())), tuple(left.get(one.key, ())),
                      row.place > place)
            for place, one in enumerate(pack_points().points)
        ),
        file_id=row.file_id,
    )  # fmt: skip


def _line(row: EvidencePack, names: dict[int, str], count: int) -> PackLine:
    chip = {law.BUILDING: "trong", law.FAILED: "sap"}.get(row.state, "ok")
    return PackLine(
        id=row.id, year=row.year, ends_on=row.ends_on, state=row.state,
        state_name=law.STATE_NAMES[row.state], chip=chip, asked_by=names.get(row.asked_by_id, ""),
        asked_at=row.asked_at, finished_at=row.finished_at, files=count, size=row.size,
        sha256=row.sha256, place=row.place, fault=row.fault,
    )  # fmt: skip
