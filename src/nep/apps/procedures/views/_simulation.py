"""A case played through the diagram: where it stands, the clock, and what can be done next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from nep.apps.procedures import queries
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.carried import YES_NO, DataField
from nep.apps.procedures.rules.diagram import drawn_process
from nep.apps.procedures.rules.draft import POLICY_NAMES
from nep.apps.procedures.rules.simulation import (
    WAITING_DAYS,
    Move,
    Play,
    Rules,
    Standing,
    fields_read,
    moves_text,
    played,
    read_moves,
    result_due,
    to_the_end,
    used,
    value_of,
    ways_out,
)
from nep.apps.procedures.rules.table import node_rows
from nep.apps.procedures.rules.wording import OUTSIDE, limit_text
from nep.apps.workcal.queries import calendar_for
from nep.bpmn import Compiled, compile_process, render_svg
from nep.bpmn.structure import FATAL, check_structure
from nep.foundation.web import pages
from nep.kernel.vietnamese import VN, date_text, local, parse_date
from nep.worktime import Calendar, duration_words, moment_words

FIELD = "d-"
_FINISHED = {
    "call": "Quy trình ấy đã xong",
    "catch": "Điều được chờ đã đến",
    "receive": "Điều được chờ đã đến",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be done with a token: its words and its address."""

    words: str
    href: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A token in words: its step, who, until when, and what can be done."""

    number: str
    name: str
    role: str
    due: str
    note: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A step that was done, in words."""

    number: str
    name: str
    until: str
    took: str
    outcome: str
    is_paused: bool
    is_late: bool


def simulation(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show a case played through a revision; the address holds every move, so back is back."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency_id)
    process = page.draft.process
    broken = [one for one in check_structure(process) if one.code in FATAL]
    context: dict = {"page": page, "revision": page.revision, "broken": broken[:5]}
    if broken:
        return pages.render(request, "procedures/simulation.html", context, status=200)
    names = queries.role_texts(
        agency_id=agency_id, keys=[step.role for step in page.draft.table.steps]
    )
    calendar = calendar_for(agency_id)
    show = _Show(request, page, compile_process(process), calendar, names)
    context |= show.context()
    name = "simulation.html#board" if getattr(request, "htmx", False) else "simulation.html"
    return pages.render(request, f"procedures/{name}", context)


class _Show:
    """One answer: the play of an address and its words."""

    def __init__(
        self,
        request: HttpRequest,
        page: ProcedurePage,
        compiled: Compiled,
        calendar: Calendar,
        names: Mapping[str, str],
    ) -> None:
        self.page, self.names, self.calendar = page, names, calendar
        given = request.GET
        self.fields = fields_read(compiled)
        self.typed = {name: given.get(FIELD + name, "").strip()[:200] for name in self.fields}
        waiting = given.get("cho", "")
        days = int(waiting) if waiting.isascii() and waiting.isdigit() and len(waiting) < 3 else 0
        self.rules = Rules(
            compiled,
            calendar,
            page.draft.limit,
            page.draft.pause_policy,
            {name: value_of(text) for name, text in self.typed.items() if text},
            days or WAITING_DAYS,
        )
        self.begun = _begin_of(given.get("ngay", ""), request.now, calendar)  # type: ignore[attr-defined]
        self.plays = tuple(played(self.rules, read_moves(given.get("b", "")), at=self.begun))
        self.moves = read_moves(given.get("b", ""))[: len(self.plays) - 1]

    @property
    def play(self) -> Play:
        return self.plays[-1]

    def address(self, moves: tuple[Move, ...]) -> str:
        """Return the address of this play with other moves."""
        pairs = [("b", moves_text(moves)), ("ngay", f"{local(self.begun):%Y-%m-%d}")]
        pairs += [("cho", str(self.rules.waiting_days))]
        pairs += [(FIELD + name, text) for name, text in self.typed.items() if text]
        return "?" + urlencode([(name, text) for name, text in pairs if text])

    def context(self) -> dict:
        """Return everything the page shows."""
        play, following = self.play, self.play.following
        minutes = used(self.rules, play)
        due = result_due(self.rules, play)
        end = self.moves + to_the_end(self.rules, play) if following else self.moves
        return {
            "diagram": self.drawn(),
            "now": moment_words(play.now),
            "begun": date_text(local(self.begun).date()),
            "used": duration_words(minutes),
            "limit": limit_text(self.page.draft.limit_amount, self.page.draft.limit_unit),
            "due": moment_words(due) if due else "",
            "is_late": bool(due and play.now > due),
            "is_over": play.is_over,
            "places": tuple(self.place(one) for one in play.standings),
            "choices_open": sum(1 for one in play.standings if not one.waits and not one.stuck),
            "pasts": tuple(self.pasts())[::-1],
            "moves": moves_text(self.moves),
            "back": self.address(self.moves[:-1]) if self.moves else "",
            "again": self.address(()) if self.moves else "",
            "next": self.address((*self.moves, Move(following.token))) if following else "",
            "end": self.address(end) if following else "",
            "fields": tuple(self.assumed()),
            "waiting": self.rules.waiting_days,
            "policy": POLICY_NAMES[self.page.draft.pause_policy].lower(),
            "paused": len(play.pauses),
        }

    def assumed(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """Return the data that conditions read: label, name in the form, value, choices."""
        known = {
            field.name: field for one in self.page.draft.carried.values() for field in one.fields
        }
        return [
            (
                known[name].label if name in known else name,
                FIELD + name,
                self.typed[name],
                _choices(known.get(name)),
            )
            for name in self.fields
        ]

    def place(self, one: Standing) -> Place:
        """Return a token in words."""
        step = self.page.draft.table.step(one.node)
        node = self.rules.node(one.node)
        name = step.name if step else (node.name if node and node.name else "chỗ gộp nhánh")
        note = one.stuck or ("chờ các nhánh khác" if one.waits else "")
        due = moment_words(one.due) if one.due else ""
        if not one.waits and not one.stuck and not one.due:
            note = "không tính thời gian"
        role = step.role if step else ""
        words = self.names.get(role, role.removeprefix(OUTSIDE))
        number = self.page.draft.table.label(one.node)
        return Place(number, name, words, due, note, self.choices(one))

    def choices(self, one: Standing) -> tuple[Choice, ...]:
        """Return what can be done with a token: each way out, or just on."""
        if one.waits:
            return ()
        ways = ways_out(self.rules, one.node)
        if not ways:
            href = self.address((*self.moves, Move(one.token)))
            node = self.rules.node(one.node)
            kind = node.kind if node is not None else ""
            return () if one.stuck else (Choice(_FINISHED.get(kind, "Xong bước này"), href, True),)
        defaults = {node.default for node in self.rules.compiled.process.nodes}
        return tuple(
            Choice(
                way.name or "Đi tiếp",
                self.address((*self.moves, Move(one.token, way.id))),
                way.id in defaults,
            )
            for way in sorted(ways, key=lambda way: way.id not in defaults)
        )

    def pasts(self) -> list[Past]:
        """Return the steps done, in words, in order."""
        found = []
        for before, after in pairwise(self.plays):
            leg = after.legs[len(before.legs)]
            step = self.page.draft.table.step(leg.node)
            minutes = self.calendar.measure(leg.since, leg.until)
            found.append(
                Past(
                    self.page.draft.table.label(leg.node),
                    step.name if step else leg.node,
                    moment_words(leg.until),
                    duration_words(minutes),
                    leg.outcome,
                    leg.is_paused,
                    leg.is_late,
                )
            )
        return found

    def drawn(self) -> SafeString:
        """Return the diagram with what is done, the tokens, and the way they just came."""
        play = self.play
        process = drawn_process(self.page.draft, self.names)
        marks = dict.fromkeys(play.passed, "done")
        marks |= dict.fromkeys((leg.node for leg in play.legs), "done")
        marks |= dict.fromkeys((one.node for one in play.standings), "now")
        tokens = {one.node: self.page.revision.code for one in play.standings}
        return mark_safe(  # noqa: S308
            render_svg(
                process,
                marks=marks,
                labels=self.names,
                moved=self.page.draft.places,
                tokens=tokens,
                running=play.flows,
                rows=node_rows(self.page.draft.table),
            )
        )


def _choices(field: DataField | None) -> tuple[str, ...]:
    if field is None:
        return ()
    return ("đúng", "sai") if field.kind == YES_NO else field.choices


def _begin_of(typed: str, now: datetime, calendar: Calendar) -> datetime:
    """Return the first working moment of the day typed, or from now on."""
    day = parse_date(typed)
    if day is None or abs((day - local(now).date()).days) > 800:
        return calendar.next_opening(now)
    return calendar.next_opening(datetime(day.year, day.month, day.day, tzinfo=VN))
