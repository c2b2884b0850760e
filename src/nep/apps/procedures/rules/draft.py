"""What one revision of a procedure says, as one value with one hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nep.apps.procedures.rules.beside import NOTHING_BESIDE, Beside, shown_beside
from nep.apps.procedures.rules.carried import Carried, carried_content
from nep.apps.procedures.rules.paper import NO_PAPER, Paper, paper_content
from nep.apps.procedures.rules.table import Table, from_process, to_process
from nep.bpmn import Limit, Process, process_from_dict, process_to_dict

POLICY_NAMES: dict[str, str] = {
    "restart": "Tính lại từ đầu khi nhận bổ sung",
    "stop": "Dừng, rồi chạy tiếp khi nhận bổ sung",
    "none": "Không dừng",
}
POLICY_SOURCE = "Nghị định 118/2025/NĐ-CP: sau khi bổ sung, thời hạn được tính lại"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a revision.

    `limit_unit` is "" while it is asked whether "ngày" means working days; `limit_text` is the
    limit as printed. `declared_hours` is the total the Word file states (8 hours a day), settled
    once somebody has confirmed the steps' own times. `carried` says what steps carry besides role
    and limit, by step identifier; a step that carries nothing has no entry. `places` holds what
    people moved by hand in the diagram (`by_hand`); it is no part of the hash.
    `paper` holds the words of the controlled paper around the steps, `beside` the notes, data and
    parts of others that came with a model or were drawn; it is no part of the hash either.
    """

    table: Table
    limit_amount: Decimal | None = None
    limit_unit: str = ""
    limit_text: str = ""
    pause_policy: str = "restart"
    declared_hours: Decimal | None = None
    declared_text: str = ""
    declared_settled: bool = False
    carried: Mapping[str, Carried] = field(default_factory=dict, hash=False)
    places: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)
    paper: Paper = NO_PAPER
    beside: Beside = NOTHING_BESIDE

    @property
    def process(self) -> Process:
        """Return the graph."""
        return to_process(self.table)

    @property
    def drawn(self) -> Process:
        """Return the graph with the notes and data that are drawn with it."""
        return shown_beside(self.process, self.beside)

    @property
    def limit(self) -> Limit | None:
        """Return the limit of the whole procedure, or None while amount or unit is unknown."""
        if self.limit_amount is None or not self.limit_unit:
            return None
        return Limit(self.limit_amount, self.limit_unit)


def graph_text(process: Process) -> str:
    """Return the graph as canonical JSON text."""
    return json.dumps(
        process_to_dict(process), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def read_graph(text: str) -> Process:
    """Return the graph from its JSON text."""
    return process_from_dict(json.loads(text))


def read_table(text: str) -> Table:
    """Return the step table from the graph's JSON text. Raises NotATable."""
    return from_process(read_graph(text))


def places_text(places: Mapping[str, tuple[float, ...]]) -> str:
    """Return what was moved by hand as JSON text, "" where nothing was."""
    if not places:
        return ""
    found = {name: list(spot) for name, spot in sorted(places.items())}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def read_place_text(text: str) -> dict[str, tuple[float, ...]]:
    """Return what was moved by hand from its JSON text."""
    if not text:
        return {}
    return {name: tuple(map(float, spot)) for name, spot in json.loads(text).items()}


def content_hash(draft: Draft) -> str:
    """Return the hash of what a draft says."""
    return hash_of(
        process=draft.process,
        limit_amount=draft.limit_amount,
        limit_unit=draft.limit_unit,
        pause_policy=draft.pause_policy,
        carried=draft.carried,
        paper=draft.paper,
    )


def hash_of(
    *,
    process: Process,
    limit_amount: Decimal | None,
    limit_unit: str,
    pause_policy: str,
    carried: Mapping[str, Carried] | None = None,
    paper: Paper = NO_PAPER,
) -> str:
    """Return the SHA-256 of graph, limit, pause policy, what the steps carry and the paper.

    Where nothing is carried and no paper is written the hash is the one that versions had before
    there was either.
    """
    amount = limit_amount
    content: dict[str, object] = {
        "format": FORMAT,
        "graph": process_to_dict(process),
        "limit": [f"{amount.normalize():f}" if amount is not None else None, limit_unit],
        "pause_policy": pause_policy,
    }
    if said := carried_content(carried or {}):
        content["carried"] = said
    if words := paper_content(paper):
        content["paper"] = words
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
