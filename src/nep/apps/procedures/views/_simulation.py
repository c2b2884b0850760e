"""A case played through the diagram: where it stands, the clock, and what can be done next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from nep.apps.procedures import queries
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.carried import YES_NO, DataField
from nep.apps.procedures.rules.condition_words import labels_of
from nep.apps.procedures.rules.diagram import drawn_process
from nep.apps.procedures.rules.draft import POLICY_NAMES
from nep.apps.procedures.rules.events import when_said
from nep.apps.procedures.rules.simulation import (
    ASKED,
    CHOOSING,
    WAITING_DAYS,
    Move,
    Play,
    Rules,
    Standing,
    coming_to,
    fields_read,
    move_on,
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
MOST_DAYS = 800
_FINISHED = {
    "call": "Quy trình ấy đã xong",
    "catch": "Điều được chờ đã đến",
    "receive": "Điều được chờ đã đến",
}
_JOINING = "chỗ gộp nhánh"
_FIRST_OF = "chờ điều nào đến trước"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be done with a token: its words and its address."""

    words: str
    href: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A token in words: its step, who, until when, what can be done and what may come meanwhile."""

    number: str
    name: str
    role: str
    due: str
    note: str
    choices: tuple[Choice, ...]
    comings: tuple[Choice, ...] = ()


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
    broken = [one for one in check_structure(process) if one.code in FATAL | {"condition_syntax"}]
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
        days, asked = _number(given.get("cho", "")), _number(given.get("hoi", ""))
        self.faults = tuple(_faults(given, request.now))  # type: ignore[attr-defined]
        self.labels = labels_of(page.draft.carried)
        kinds = {one.name: one.kind for had in page.draft.carried.values() for one in had.fields}
        self.rules = Rules(
            compiled,
            calendar,
            page.draft.limit,
            page.draft.pause_policy,
            {
                name: value_of(text, kinds.get(name, ""))
                for name, text in self.typed.items()
                if text
            },
            days or WAITING_DAYS,
            asked or ASKED,
        )
        self.begun = _begin_of(given.get("ngay", ""), request.now, calendar)  # type: ignore[attr-defined]
        self.plays = tuple(played(self.rules, read_moves(given.get("b", "")), at=self.begun))
        self.moves = read_moves(given.get("b", ""))[: len(self.plays) - 1]

    @property
    def play(self) -> Play:
        return self.plays[-1]

    @property
    def asks(self) -> bool:
        """Say whether a step asks as many as its case says."""
        nodes = self.rules.compiled.process.nodes
        return any(node.instances is not None and node.instances.over for node in nodes)

    def address(self, moves: tuple[Move, ...]) -> str:
        """Return the address of this play with other moves."""
        pairs = [("b", moves_text(moves)), ("ngay", f"{local(self.begun):%Y-%m-%d}")]
        pairs += [("cho", str(self.rules.waiting_days))]
        pairs += [("hoi", str(self.rules.asked))] if self.asks else []
        pairs += [(FIELD + name, text) for name, text in self.typed.items() if text]
        return "?" + urlencode([(name, text) for name, text in pairs if text])

    def context(self) -> dict:
        """Return everything the page shows."""
        play, following = self.play, self.play.following
        minutes = used(self.rules, play)
        due = result_due(self.rules, play)
        end = self.moves + to_the_end(self.rules, play) if following else self.moves
        places = tuple(self.place(one) for one in play.standings)
        return {
            "diagram": self.drawn(),
            "now": moment_words(play.now),
            "begun": date_text(local(self.begun).date()),
            "used": duration_words(minutes),
            "limit": limit_text(self.page.draft.limit_amount, self.page.draft.limit_unit),
            "due": moment_words(due) if due else "",
            "is_late": bool(due and play.now > due),
            "is_over": play.is_over,
            "places": places,
            "numbers": tuple(dict.fromkeys(one.number for one in places if one.number)),
            "is_dead": not play.is_over and not following,
            "choices_open": sum(1 for one in play.standings if not one.waits and not one.stuck),
            "pasts": tuple(self.pasts())[::-1],
            "moves": moves_text(self.moves),
            "back": self.address(self.moves[:-1]) if self.moves else "",
            "again": self.address(()) if self.moves else "",
            "next": self.address((*self.moves, move_on(self.rules, play, following)))
            if following
            else "",
            "end": self.address(end) if following else "",
            "fields": tuple(self.assumed()),
            "waiting": self.rules.waiting_days,
            "asked": self.rules.asked if self.asks else 0,
            "faults": self.faults,
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
        name = step.name if step else (node.name if node and node.name else _JOINING)
        note = one.stuck or ("chờ các nhánh khác" if one.waits else "")
        due = moment_words(one.due) if one.due else ""
        if node is not None and node.kind == CHOOSING:
            name = node.name or _FIRST_OF
        elif not one.waits and not one.stuck and not one.due:
            note = "không tính thời gian"
        if one.instance:
            note = f"nơi được hỏi thứ {one.instance}" + (f" · {note}" if note else "")
        role = step.role if step else ""
        words = self.names.get(role, role.removeprefix(OUTSIDE))
        number = self.page.draft.table.label(one.node)
        return Place(number, name, words, due, note, self.choices(one), self.comings(one))

    def comings(self, one: Standing) -> tuple[Choice, ...]:
        """Return what may come to a token meanwhile: too much time, a message, trouble."""
        found = []
        for each in coming_to(self.rules, self.play, one):
            said = when_said(each.trigger, self.labels)
            href = self.address((*self.moves, Move(each.owner, each.node)))
            found.append(Choice(said[:1].upper() + said[1:], href, False))
        return tuple(found)

    def choices(self, one: Standing) -> tuple[Choice, ...]:
        """Return what can be done with a token: each way out, or just on."""
        if one.waits or self.rules.compiled.steps[one.node].kind == CHOOSING:
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
            minutes = self.calendar.measure(leg.since, leg.until)
            found.append(
                Past(
                    self.page.draft.table.label(leg.node),
                    self.named(leg.node),
                    moment_words(leg.until),
                    duration_words(minutes),
                    leg.outcome,
                    leg.is_paused,
                    leg.is_late,
                )
            )
        return found

    def named(self, name: str) -> str:
        """Return a step by its name, something that came by its words."""
        step, node = self.page.draft.table.step(name), self.rules.node(name)
        if step is not None or node is None:
            return step.name if step is not None else name
        if node.trigger is None:
            return node.name or name
        said = when_said(node.trigger, self.labels)
        return said[:1].upper() + said[1:]

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


def _number(typed: str) -> int:
    """Return a whole number of one or two digits, 0 for anything else."""
    text = typed.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def _faults(given: Mapping[str, str], now: datetime) -> Iterator[str]:
    """Yield what was typed and is not taken, in words."""
    typed = given.get("ngay", "").strip()
    day = parse_date(typed)
    if typed and day is None:
        yield f"“{typed[:40]}” không phải ngày. Hãy ghi như 05/02/2027; đang lấy từ lúc này."
    elif day is not None and _is_far(day, now):
        yield f"Ngày {date_text(day)} quá xa; đang lấy từ lúc này."
    for name in ("cho", "hoi"):
        typed = given.get(name, "").strip()
        if typed and not _number(typed):
            yield f"“{typed[:40]}” không phải số từ 1 đến 99; đang dùng số thường lấy."


def _choices(field: DataField | None) -> tuple[str, ...]:
    if field is None:
        return ()
    return ("đúng", "sai") if field.kind == YES_NO else field.choices


def _is_far(day: date, now: datetime) -> bool:
    return abs((day - local(now).date()).days) > MOST_DAYS


def _begin_of(typed: str, now: datetime, calendar: Calendar) -> datetime:
    """Return the first working moment of the day typed, or from now on."""
    day = parse_date(typed)
    if day is None or _is_far(day, now):
        return calendar.next_opening(now)
    return calendar.next_opening(datetime(day.year, day.month, day.day, tzinfo=VN))
