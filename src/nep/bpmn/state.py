"""Where a case stands: its tokens and scopes, and the short text they are stored as."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

STUCK = "!"
"""In place of a flow: the way out of the node could not be decided."""
STUCK_BEFORE = "!?"
"""In place of a flow: the multi-instance step could not tell whom to ask."""
RESTING = frozenset({"", STUCK, STUCK_BEFORE})
"""What stands in place of a flow where a token is in a node, not waiting at a join."""

_PLAIN = re.compile(r"[\w.\-]+").fullmatch
_STATUS_LETTERS = {"running": "r", "ended": "e", "incident": "i"}
_STATUS_WORDS = {letter: word for word, letter in _STATUS_LETTERS.items()}


class StateError(ValueError):
    """The text is not a stored state of a known version."""


class Token(NamedTuple):
    """One token: in a node (`flow` empty), waiting at a join on `flow`, or stuck at a node.

    `scope` is the id of the scope it moves in, 0 for the case itself.
    """

    id: int
    node: str
    flow: str = ""
    scope: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """A running sub-process (`total` 0) or a running multi-instance step.

    `parent` is the scope it stands in; of `total` who are asked, `opened` were asked and `done`
    have answered.
    """

    id: int
    node: str
    parent: int = 0
    total: int = 0
    done: int = 0
    opened: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """The marking of a case; `next_token` was never given out; tokens and scopes ascend by id.

    `spent` holds (token or scope, boundary event) where an event that does not end its step has
    come and is not waited for again.
    """

    tokens: tuple[Token, ...] = ()
    next_token: int = 1
    status: str = "running"
    scopes: tuple[Scope, ...] = ()
    spent: tuple[tuple[int, str], ...] = ()


def encode_state(state: State) -> str:
    """Return the state as a short text.

    Version 1, "1:r:4:2=step,3=join>flow", wherever it says everything; with scopes or spent events
    version 2: "2:r:9:5=a@2,8=b@7:2=sub,7=b@2;3;1;2:2=timer".
    """
    tokens = ",".join([_token_text(token) for token in state.tokens])
    rest = f"{_STATUS_LETTERS[state.status]}:{state.next_token}:{tokens}"
    if not state.scopes and not state.spent:
        return f"1:{rest}"
    scopes = ",".join([_scope_text(scope) for scope in state.scopes])
    spent = ",".join([f"{owner}={_quoted(node)}" for owner, node in state.spent])
    return f"2:{rest}:{scopes}:{spent}"


def decode_state(text: str) -> State:
    """Return the state written by `encode_state`, now or by an earlier release.

    Raises StateError for an unknown version or a damaged text.
    """
    version, _, rest = text.partition(":")
    if version not in ("1", "2"):
        raise StateError(f"Trạng thái hồ sơ ở phiên bản lạ: {version[:10]!r}.")
    try:
        if version == "1":
            rest = upgrade_1_to_2(rest)
        letter, following, tokens, scopes, spent = rest.split(":")
        return State(
            tuple([_token(piece) for piece in tokens.split(",")]) if tokens else (),
            int(following),
            _STATUS_WORDS[letter],
            tuple([_scope(piece) for piece in scopes.split(",")]) if scopes else (),
            tuple([_numbered(piece) for piece in spent.split(",")]) if spent else (),
        )
    except (ValueError, KeyError) as error:
        raise StateError("Trạng thái hồ sơ bị hỏng, không đọc được.") from error


def upgrade_1_to_2(rest: str) -> str:
    """Return what stands after "1:" as it stands after "2:": without scopes, without spent events."""
    return f"{rest}::"


def _token_text(token: Token) -> str:
    number, node, flow, scope = token
    text = f"{number}={_quoted(node)}"
    if flow:
        text += f">{flow}" if flow in RESTING else f">{_quoted(flow)}"
    return f"{text}@{scope}" if scope else text


def _scope_text(scope: Scope) -> str:
    text = f"{scope.id}={_quoted(scope.node)}"
    if scope.parent:
        text += f"@{scope.parent}"
    return f"{text};{scope.total};{scope.done};{scope.opened}" if scope.total else text


def _token(piece: str) -> Token:
    number, equals, place = piece.partition("=")
    scope = 0
    if "@" in place:
        place, _, written = place.partition("@")
        scope = int(written)
    node, _, flow = place.partition(">")
    if not equals or not node:
        raise ValueError(piece)
    if "%" in place:
        node, flow = unquote(node), unquote(flow)
    return Token(int(number), node, flow, scope)


def _scope(piece: str) -> Scope:
    place, _, counts = piece.partition(";")
    place, _, parent = place.partition("@")
    number, node = _numbered(place)
    total, done, opened = map(int, counts.split(";")) if counts else (0, 0, 0)
    return Scope(number, node, int(parent) if parent else 0, total, done, opened)


def _numbered(piece: str) -> tuple[int, str]:
    number, equals, node = piece.partition("=")
    if not equals or not node:
        raise ValueError(piece)
    return int(number), unquote(node) if "%" in node else node


@lru_cache(maxsize=4_096)
def _quoted(name: str) -> str:
    return name if _PLAIN(name) else quote(name, safe="").replace("~", "%7E")
