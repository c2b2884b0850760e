"""Calendars as RFC 5545 asks, read back by a reader written from the standard."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from nep.foundation.notify.calendar_text import Event, calendar_text, escaped, folded
from nep.kernel.vietnamese import VN

LONG = "Thẩm định hồ sơ đề nghị cấp giấy phép nghiên cứu, chuyển giao công nghệ; lần thứ hai " * 3
CHANGED = datetime(2026, 12, 9, 1, 5, tzinfo=UTC)


def event(**change) -> Event:
    facts = {
        "uid": "viec-1@nep", "at": datetime(2026, 12, 10, 17, 30, tzinfo=VN), "summary": LONG,
        "description": "Dòng một\nDòng hai", "url": "https://nep.example/ho-so/1/", "sequence": 0,
        "changed_at": CHANGED,
    }  # fmt: skip
    return Event(**{**facts, **change})


def unfolded(data: bytes) -> list[str]:
    """Return the content lines: CRLF ends a line, CRLF and a blank continues it (3.1)."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    return data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def text_of(value: str) -> str:
    """Return a TEXT value without its escapes (3.3.11)."""
    found, signs = "", iter(value)
    for sign in signs:
        if sign == "\\":
            following = next(signs)
            found += {"n": "\n", "N": "\n"}.get(following, following)
        else:
            assert sign not in ";,", value
            found += sign
    return found


def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut():
    data = calendar_text(name="Hạn việc của Trần Thị Mai Lan", events=[event()])

    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # a cut letter would not be UTF-8
    (summary,) = [line for line in unfolded(data) if line.startswith("SUMMARY:")]
    assert text_of(summary.removeprefix("SUMMARY:")) == LONG


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=400))
def test_any_text_comes_back_as_it_was(words):
    data = folded(f"SUMMARY:{escaped(words)}")

    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    (line,) = unfolded(data)
    assert text_of(line.removeprefix("SUMMARY:")) == words


def test_components_nest_and_each_event_has_what_the_standard_asks():
    done = event(uid="viec-2@nep", at=date(2026, 12, 11), sequence=3, is_cancelled=True)
    lines = unfolded(calendar_text(name="x", events=[event(), done]))

    open_parts: list[str] = []
    seen: dict[str, int] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_parts.append(value)
            seen[value] = seen.get(value, 0) + 1
        elif name == "END":
            assert open_parts.pop() == value
    assert open_parts == []
    assert seen == {"VCALENDAR": 1, "VTIMEZONE": 1, "STANDARD": 1, "VEVENT": 2}
    assert lines[1:3] == ["VERSION:2.0", "PRODID:-//Nep//Nep//VI"]
    for name, count in (("UID", 2), ("DTSTAMP", 2), ("SEQUENCE", 2), ("STATUS", 2)):
        assert sum(line.startswith(f"{name}:") for line in lines) == count


def test_a_moment_names_its_zone_and_a_whole_day_is_a_date():
    lines = unfolded(calendar_text(name="x", events=[event(), event(at=date(2026, 12, 11))]))

    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261210T173000" in lines
    assert "DTSTART;VALUE=DATE:20261211" in lines
    assert "TZID:Asia/Ho_Chi_Minh" in lines
    assert "TZOFFSETTO:+0700" in lines
    assert lines.count("DTSTAMP:20261209T010500Z") == 2


def test_line_breaks_do_not_begin_new_lines():
    lines = unfolded(calendar_text(name="x", events=[event(summary="A\r\nATTACH:file:///etc")]))

    assert "SUMMARY:A\\nATTACH:file:///etc" in lines
    assert not any(line.startswith("ATTACH") for line in lines)
