"""Where a way leads in words: to a row, or to one of the ends; and the ends read back from words."""

import re
from collections.abc import Iterator

from nep.apps.procedures.rules.table import (
    AT_ONCE,
    END,
    SENDING,
    TROUBLE,
    Table,
    group_rows,
    is_end,
)

ENDING = (
    r"kết thúc(?: do trở ngại(?: “[^“”]{1,120}”)?| và gửi thông điệp “[^“”]{1,120}” cho hệ thống khác"
    r"| ngay, dừng mọi bước đang làm)?"
)
"""How the words of an end look, as part of a pattern."""
_AT_ONCE = "kết thúc ngay, dừng mọi bước đang làm"
_QUOTED = re.compile(r"“(.+)”")


def end_said(target: str) -> str:
    """Return an end in words: "kết thúc do trở ngại “Mất mẫu”"."""
    if target == AT_ONCE:
        return _AT_ONCE
    if target.startswith(TROUBLE):
        named = target.removeprefix(TROUBLE)
        return f"kết thúc do trở ngại “{named}”" if named else "kết thúc do trở ngại"
    if target.startswith(SENDING):
        return f"kết thúc và gửi thông điệp “{target.removeprefix(SENDING)}” cho hệ thống khác"
    return "kết thúc"


def target_said(table: Table, target: str) -> str:
    """Return "bước 3", or the words of an end."""
    label = "" if is_end(target) else table.label(target)
    return f"bước {label}" if label else end_said(target)


def end_read(said: str) -> str:
    """Return the end that words of `end_said` say."""
    named = _QUOTED.search(said)
    name = named[1] if named else ""
    if said == _AT_ONCE:
        return AT_ONCE
    if said.startswith("kết thúc do trở ngại"):
        return TROUBLE + name
    return SENDING + name if name else END


def ends_told(table: Table) -> tuple[str, ...]:
    """Return the ends besides the plain one that ways of a table lead to, each once."""
    return tuple(dict.fromkeys(one for one in _targets(table) if is_end(one) and one != END))


def _targets(table: Table) -> Iterator[str]:
    for step in (*table.steps, *group_rows(table)):
        yield step.after
        yield from (branch.target for branch in step.branches)
        yield from (event.target for event in step.events)
