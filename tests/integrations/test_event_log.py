"""Event logs in XES become rows: streamed, safe, every event accounted for."""

import gzip
import os
from pathlib import Path

import pytest

from nep.integrations.event_log.adapter import HEADS, XesReader
from nep.kernel.errors import Refusal

LOGS = Path(os.environ.get("NEP_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
LOGS = LOGS / "nhat_ky_su_kien"
EVENT = (
    '<event><string key="concept:name" value="{0}"/><string key="org:resource" value="An">'
    '<string key="concept:name" value="lồng"/></string>'
    '<string key="lifecycle:transition" value="{1}"/>'
    '<date key="time:timestamp" value="2026-01-0{2}T08:00:00.000+07:00"/></event>'
)


def log(*events: tuple[str, str, int], head: str = "") -> bytes:
    inner = "".join(EVENT.format(*one) for one in events)
    return (
        f'{head}<log xmlns="http://www.xes-standard.org/"><global scope="event">'
        f'<string key="concept:name" value="UNKNOWN"/></global><trace>'
        f'<string key="concept:name" value="A1"/>{inner}</trace></log>'
    ).encode()


def rows(data: bytes, name="a.xes", most=1000) -> list[dict]:
    table = XesReader().table(data, name=name, most_rows=most)
    return [dict(zip(HEADS, row, strict=True)) for row in table[1:]]


def test_a_start_and_its_complete_are_one_piece_of_work():
    found = rows(log(("Kiểm tra", "start", 1), ("Kiểm tra", "complete", 2), ("Ký", "", 3)))

    assert [(row["Bước hoặc việc đã làm"], bool(row["Bắt đầu"])) for row in found] == [
        ("Kiểm tra", True), ("Ký", False),
    ]  # fmt: skip
    assert found[0]["Kết thúc"].startswith("2026-01-02")
    assert {row["Mã hồ sơ"] for row in found} == {"A1"}
    assert {row["Người xử lý"] for row in found} == {"An"}


def test_work_begun_and_not_ended_stays_open_and_a_pause_is_a_state():
    found = rows(log(("Kiểm tra", "start", 1), ("Kiểm tra", "suspend", 2)))

    assert found[0]["Kết thúc"] == ""
    assert (found[1]["Trạng thái"], found[1]["Ghi chú, lý do"]) == ("Tạm dừng", "Kiểm tra")


def test_a_packed_log_says_the_same():
    data = log(("Ký", "complete", 1))

    assert rows(gzip.compress(data), "a.xes.gz") == rows(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<log><trace>", "file_broken"),
        (log(("Ký", "complete", 1), head='<!DOCTYPE x [<!ENTITY a "b">]>'), "file_broken"),
        (b"<log/>", "file_no_rows"),
        (gzip.compress(log(("Ký", "complete", 1)))[:-9], "file_broken"),
        (b"\x1f\x8b broken", "file_broken"),
        (b"<log>" + b"<a>" * 300, "file_broken"),
    ],
)
def test_what_is_no_log_is_refused_with_a_sentence(data, code):
    with pytest.raises(Refusal) as refused:
        rows(data)

    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_a_log_of_too_many_events_is_refused():
    with pytest.raises(Refusal, match="sự kiện"):
        rows(log(*[("Ký", "complete", 1)] * 11), most=10)


@pytest.mark.parametrize(
    ("name", "cases", "events"),
    [
        ("running-example.xes", 6, 42),
        ("roadtraffic100traces.xes.gz", 100, 390),
        ("wabo_receipt_nl.xes.gz", 1434, 8577),
    ],
)
def test_every_event_of_a_real_log_is_a_row(name, cases, events):
    if not (LOGS / name).exists():
        pytest.skip(f"không có nhật ký {name} (đặt NEP_TEST_DATA)")
    found = rows((LOGS / name).read_bytes(), name, most=300_000)

    assert (len({row["Mã hồ sơ"] for row in found}), len(found)) == (cases, events)
    assert all(row["Bước hoặc việc đã làm"] and row["Kết thúc"] for row in found)
