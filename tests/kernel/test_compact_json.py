"""The kept JSON encoder writes what `json.dumps` writes."""

import json
from datetime import UTC, datetime

import pytest

from nep.kernel.compact_json import encoder

VALUES = [
    {}, [], (), None, True, -7, 2.5, "", "Đặng “Toàn”\n\t\\ \x01 \u2028 😀",
    {"b": [1, {"đ": None}], "a": (True, False), "10": {"x": []}},
    [{"run": 9_007_199_254_740_993, "due": "2026-11-21T03:00:00+00:00"}] * 3,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_writes_what_dumps_writes(value):
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    assert encoder()(value) == json.dumps(value, **compact)
    assert encoder(sort_keys=True, separators=(", ", ": "))(value) == json.dumps(
        value, ensure_ascii=False, sort_keys=True
    )


def test_asks_what_stands_for_an_unknown_value():
    moment = datetime(2026, 11, 21, 3, tzinfo=UTC)
    assert encoder(default=str)({"at": moment}) == f'{{"at":"{moment}"}}'
    with pytest.raises(TypeError):
        encoder()({"at": moment})
