"""Importing lists and records, editions, abolition."""

import lzma
from datetime import date, timedelta

import pytest

from nep.apps.catalogue import queries, rules, services
from nep.apps.catalogue.models import CatalogueImport, Entry, EntryEdition
from nep.apps.catalogue.queries._invariants import editions, imports
from nep.apps.catalogue.services import ImportWish
from nep.apps.catalogue.tests import make
from nep.apps.organization.rules import setup_actor
from nep.apps.organization.tests.scene import NOW
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Conflict, Forbidden, Refusal

TODAY = NOW.date()
LIST = make.sheet(
    ("1.012345", "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Bộ Xây dựng", "Sở Xây dựng\nUBND cấp xã",
     "Hoạt động xây dựng"),
    ("1.000001", "Đăng ký khai sinh\n", "Bộ Tư pháp", "\n", "Hộ tịch"),
    ("1.00", "Mã sai", "Bộ Tư pháp", "", ""),
)  # fmt: skip


def entry(code: str, today: date = TODAY) -> queries.EntryPage:
    return queries.entry(code=code, today=today)


def test_a_list_then_a_record_fill_one_entry_and_a_second_run_changes_nothing(db):
    files = (("ds.xlsx", LIST), ("tthc.jsonl.xz", make.lines(make.record(), packed=True)))
    first, second = make.take(*files), make.take(*files)
    page = entry("1.012345.H05")

    assert {name: first[name] for name in ("read", "imported", "changed", "unchanged")} == {
        "read": 4, "imported": 2, "changed": 1, "unchanged": 0,
    }  # fmt: skip
    assert [(one["file"], one["row"], one["code"]) for one in first["refused"]] == [
        ("ds.xlsx", 5, "1.00")
    ]
    assert (second["imported"], second["changed"], second["unchanged"]) == (0, 0, 3)
    assert page.value.issuer == "Bộ Xây dựng"
    assert page.value.limit_words == "20 ngày làm việc"
    assert [one.number for one in page.editions] == [2, 1]
    assert {one.field for one in page.editions[0].changes} >= {"papers", "limit", "basis"}
    assert entry("1.000001").value.agencies == ()
    assert list(editions()) == [] and list(imports()) == []


def test_a_code_that_another_procedure_has_is_refused_until_told_to_overwrite(db):
    make.take(("a.jsonl", make.lines(make.record())))
    other = make.lines(make.record(ten_thu_tuc="Nuôi ong lấy mật", linh_vuc="Chăn nuôi"))
    refused = make.take(("b.jsonl", other))
    taken = make.take(("b.jsonl", other), overwrite=True)

    assert "Cấp giấy phép xây dựng" in refused["refused"][0]["reason"]
    assert taken["changed"] == 1
    assert entry("1.012345").value.name == "Nuôi ong lấy mật"


def test_a_code_repeated_in_a_file_is_refused_where_it_says_something_else(db):
    told = make.take(
        ("a.jsonl", make.lines(make.record(), make.record(), make.record(linh_vuc="Khác")))
    )

    assert (told["imported"], told["unchanged"]) == (1, 1)
    assert told["refused"][0]["row"] == 3 and "dòng 1" in told["refused"][0]["reason"]


def test_a_broken_line_costs_only_itself(db):
    told = make.take(("a.jsonl", b"{broken\n" + make.lines(make.record()) + b"\n[1]\n"))

    assert told["imported"] == 1
    assert [one["row"] for one in told["refused"]] == [1, 3]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xlsx", b"", "trống"),
        ("a.xlsx", b"PK\x03\x04broken", "hỏng"),
        ("a.xz", b"\xfd7zXZ\x00broken", "hỏng"),
        ("a.txt", b"hello", "không phải danh sách"),
    ],
)
def test_a_file_of_another_kind_is_listed_with_its_reason(db, name, data, sentence):
    told = make.take((name, data))

    assert told["read"] == 0
    assert sentence in told["refused"][0]["reason"]


def test_the_worker_reads_in_portions_and_a_killed_one_goes_on(agency, monkeypatch):
    monkeypatch.setattr("nep.apps.catalogue.services._importing.PORTION", 2)
    records = [make.record(ma_thu_tuc=f"1.00000{n}", ten_thu_tuc=f"Thủ tục {n}") for n in range(5)]
    (import_id,) = services.import_upload(
        actor=agency.actor("thu"), files=[("a.jsonl", make.lines(*records))], wish=ImportWish(),
        now=NOW,
    )  # fmt: skip
    services.import_portion(import_id=import_id, now=NOW)  # as if its next job had been lost
    drain(now=NOW)
    services.import_job(import_id=import_id, now=NOW)
    row = CatalogueImport.objects.get(pk=import_id)

    assert (row.state, row.done, row.imported, row.upload) == ("done", 5, 5, None)
    assert Entry.objects.count() == EntryEdition.objects.count() == 5


def test_a_published_change_waits_for_its_day(db):
    make.take(("a.jsonl", make.lines(make.record())))
    day = TODAY + timedelta(days=30)
    changed = make.record(linh_vuc="Xây dựng", so_quyet_dinh="999/QĐ-BXD")
    make.take(("b.jsonl", make.lines(changed)), kind="coming", on=day)
    before = entry("1.012345")
    services.editions_take_force(now=NOW + timedelta(days=30))
    services.editions_take_force(now=NOW + timedelta(days=30))
    after = entry("1.012345", day)

    assert before.line.field == "Hoạt động xây dựng"
    assert before.coming is not None and before.coming.effective_from == day
    assert (after.line.field, after.line.edition, after.coming) == ("Xây dựng", 2, None)


def test_an_abolition_comes_by_file_or_by_hand_with_its_decision(agency):
    make.take(("ds.xlsx", LIST))
    gone = make.sheet(
        ("1.000001", "Đăng ký khai sinh", "12/QĐ-BTP", "01/03/2027"),
        ("1.777777", "Không có trong danh mục", "12/QĐ-BTP", "01/03/2027"),
        heads=("Mã số", "Tên", "Quyết định bãi bỏ", "Ngày bãi bỏ"),
    )
    told = [make.take(("bai-bo.xlsx", gone), kind="abolished") for _ in range(2)]
    page = entry("1.012345")
    services.entry_abolish(
        actor=agency.actor("admin"), code="1.012345", version=page.version, decision="77/QĐ-BXD",
        on=TODAY, now=NOW,
    )  # fmt: skip
    again = make.take(("ds.xlsx", LIST))

    assert [(one["changed"], one["unchanged"]) for one in told] == [(1, 0), (0, 1)]
    assert told[0]["refused"][0]["code"] == "1.777777"
    assert entry("1.000001").line.state == rules.CURRENT
    assert entry("1.000001", date(2027, 3, 1)).line.state == rules.ABOLISHED
    assert entry("1.012345").line.state == rules.ABOLISHED
    assert again["changed"] == 0  # a list seen before does not bring it back
    with pytest.raises(Conflict):
        services.entry_abolish(
            actor=setup_actor(), code="1.012345", version=page.version, decision="77/QĐ-BXD",
            on=TODAY, now=NOW,
        )  # fmt: skip


def test_a_person_writes_a_further_edition_and_what_the_form_does_not_show_stays(agency):
    make.take(("a.jsonl", make.lines(make.record())))
    page = entry("1.012345")
    value = rules.merged(page.value, rules.Published(fee="200.000 đồng"))
    services.entry_edit(
        actor=agency.actor("admin"), code="1.012345", version=page.version, value=value,
        effective_from=None, now=NOW,
    )  # fmt: skip
    after = entry("1.012345")

    assert [one.field for one in after.editions[0].changes] == ["fee"]
    assert after.value.steps == page.value.steps
    with pytest.raises(Forbidden):
        services.entry_edit(
            actor=agency.actor("thu"), code="1.012345", version=after.version, value=value,
            effective_from=None, now=NOW,
        )  # fmt: skip
    with pytest.raises(Refusal, match=r"mã 1\.012345"):
        services.entry_add(
            actor=agency.actor("admin"), code="1.012345.H05", value=value, effective_from=None,
            now=NOW,
        )  # fmt: skip


def test_real_lists_and_records_are_taken_or_refused_with_a_reason(db, real_data):
    """A ministry's list and every fifth record; `bench/workbench` takes all of them."""
    folder = real_data / "thu_tuc_hanh_chinh"
    lists = sorted(folder.glob("*.xlsx"))
    if not lists:
        pytest.skip("không có danh sách thủ tục thật")
    raw = lzma.decompress((folder / "tthc_giao.jsonl.xz").read_bytes())
    records = raw.strip().split(b"\n")[::5]
    told = make.take((lists[0].name, lists[0].read_bytes()), ("r.jsonl", b"\n".join(records)))
    web_words = ("Từ khóa", "Chọn cơ quan thực hiện", "Hình thức nộpThời gian", "\u200b")

    assert told["read"] == 339 + len(records)
    assert told["imported"] + told["changed"] + len(told["refused"]) == told["read"]
    assert told["refused"] and all("thủ tục khác" in one["reason"] for one in told["refused"])
    for word in web_words:
        assert not EntryEdition.objects.filter(content__contains=word).exists()
