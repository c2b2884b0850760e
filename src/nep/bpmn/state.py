"""Where a case stands: its tokens, and the short text they are stored as."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

STUCK = "!"
"""In place of a flow: the way out of the node could not be decided."""

_PLAIN = re.compile(r"[\w.\-]+").fullmatch
_STATUS_LETTERS = {"running": "r", "ended": "e", "incident": "i"}
_STATUS_WORDS = {letter: word for word, letter in _STATUS_LETTERS.items()}


class StateError(ValueError):
    """The text is not a stored state of a known version."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token: in a step (`flow` empty), waiting at a join on `flow`, or STUCK at a node."""

    id: int
    node: str
    flow: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The marking of a case; `next_token` was never given out; tokens ascend by id."""

    tokens: tuple[Token, ...] = ()
    next_token: int = 1
    status: str = "running"


def encode_state(state: State) -> str:
    """Return the state as a short text: "1:r:4:2=step,3=join>flow"."""
    tokens = ",".join(
        f"{token.id}={_quoted(token.node)}>{token.flow if token.flow == STUCK else _quoted(token.flow)}"
        if token.flow
        else f"{token.id}={_quoted(token.node)}"
        for token in state.tokens
    )
    return f"1:{_STATUS_LETTERS[state.status]}:{state.next_token}:{tokens}"


def decode_state(text: str) -> State:
    """Return the state written by `encode_state`.

    Raises StateError for an unknown version or a damaged text.
    """
    version, _, rest = text.partition(":")
    if version != "1":
        raise StateError(f"Trạng thái hồ sơ ở phiên bản lạ: {version[:10]!r}.")
    try:
        letter, following, written = rest.split(":")
        tokens = tuple(_token(piece) for piece in written.split(",")) if written else ()
        return State(tokens, int(following), _STATUS_WORDS[letter])
    except (ValueError, KeyError) as error:
        raise StateError("Trạng thái hồ sơ bị hỏng, không đọc được.") from error


def _token(piece: str) -> Token:
    number, equals, place = piece.partition("=")
    node, _, flow = place.partition(">")
    if not equals or not node:
        raise ValueError(piece)
    if "%" in place:
        node, flow = unquote(node), unquote(flow)
    return Token(int(number), node, flow)


def _quoted(name: str) -> str:
    return name if _PLAIN(name) else quote(name, safe="").replace("~", "%7E")
