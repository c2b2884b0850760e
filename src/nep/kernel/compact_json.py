"""JSON for rows that are written often: one encoder, made once.

`json.JSONEncoder.encode` makes a new C encoder for every value; that costs more than a short text.
"""

import json
from collections.abc import Callable
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any


def encoder(
    *,
    sort_keys: bool = False,
    default: Callable[[Any], Any] | None = None,
    separators: tuple[str, str] = (",", ":"),
) -> Callable[[Any], str]:
    """Return a function that writes a value as JSON, letters with marks as they are.

    The values must not hold themselves; `default` says what stands for an unknown one, by default
    TypeError is raised.
    """
    item, key = separators
    slow = json.JSONEncoder(
        ensure_ascii=False, sort_keys=sort_keys, default=default, separators=separators
    )
    if c_make_encoder is None:
        return slow.encode
    fast = c_make_encoder(
        None, slow.default, encode_basestring, None, key, item, sort_keys, False, True
    )

    def written(value: Any) -> str:
        return "".join(fast(value, 0))

    return written
