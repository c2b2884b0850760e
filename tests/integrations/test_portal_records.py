"""Dossier and status records of the national portal become rows; nothing of the applicant does."""

import json

import pytest

from nep.integrations.portal_records.adapter import FIELDS, PortalReader
from nep.kernel.errors import Refusal

DOSSIER = {
    "MaHoSo": "H99.18-261201-0001", "MaTTHC": "1.009645", "TenTTHC": "Cấp giấy phép",
    "ChuHoSo": "Nguyễn Thị Bí Mật", "SoDienThoai": "0912345678", "Email": "bimat@vi.du",
    "NgayTiepNhan": "20261201080000", "NgayHenTra": "20261215170000", "TrangThaiHoSo": "10",
    "NgayKetThucXuLy": "04/12/2026 11:00", "NgayTra": "2026-12-07T08:10:00+07:00",
    "DanhSachHoSoBoSung": [
        {"NguoiYeuCauBoSung": "Trần Thị Mai Lan", "NoiDungBoSung": "Thiếu bản vẽ",
         "NgayBoSung": "20261202080000", "NgayTiepNhanBoSung": "20261203080000"},
    ],
}  # fmt: skip
STATE = {
    "MaHoSo": "H99.18-261201-0001", "NguoiXuLy": "Trần Thị Mai Lan", "ChucDanh": "Chuyên viên",
    "PhongBanXuLy": "Phòng Kế hoạch", "ThoiDiemXuLy": "20261204100000",
    "NoiDungXuLy": "Thẩm định hồ sơ", "TrangThai": "4", "NgayBatDau": "20261201100000",
}  # fmt: skip


def rows(content) -> list[dict]:
    data = json.dumps(content, ensure_ascii=False).encode()
    table = PortalReader().table(data, name="a.json", most_rows=100)
    return [dict(zip(FIELDS, row, strict=True)) for row in table[1:]]


def test_a_dossier_tells_receipt_promise_supplement_end_and_return():
    found = rows([DOSSIER])

    assert [row["status"] for row in found] == ["2", "5", "9", "10"]
    assert {row["tthc"] for row in found} == {"1.009645"}
    assert (found[0]["received"], found[0]["due"]) == ("20261201080000", "20261215170000")
    assert (found[1]["actor"], found[1]["note"]) == ("Trần Thị Mai Lan", "Thiếu bản vẽ")
    assert {row["record"] for row in found} == {1}


def test_nothing_of_the_applicant_is_in_the_rows():
    assert not any(secret in str(rows([DOSSIER, STATE])) for secret in ("Bí Mật", "0912", "bimat"))


def test_a_new_promise_keeps_the_first():
    (first, *_) = rows([{**DOSSIER, "NgayHenTraTruoc": "20261210170000"}])

    assert (first["due"], first["due_new"]) == ("20261210170000", "20261215170000")


def test_a_status_record_tells_who_did_what():
    (row,) = rows({"service": "DongBoTrangThaiHoSo", "data": [STATE]})

    assert (row["step"], row["actor"], row["status"]) == (
        "Thẩm định hồ sơ", "Trần Thị Mai Lan", "4",
    )  # fmt: skip
    assert row["role"] == "Chuyên viên, Phòng Kế hoạch"
    assert (row["start"], row["end"]) == ("20261201100000", "20261204100000")


@pytest.mark.parametrize("state", ["3", "7", "8 - Dừng xử lý"])
def test_a_case_not_taken_or_stopped_says_so(state):
    found = rows([{**DOSSIER, "TrangThaiHoSo": state, "DanhSachHoSoBoSung": []}])

    assert state[0] in {row["status"] for row in found}
    assert not {"9", "10"} & {row["status"] for row in found} or state == "3"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "json_broken"), (b"[1, 2]", "json_shape"), (b"[]", "file_no_rows"),
        (b"\xff\xfe[", "json_broken"), (b'"x"', "json_shape"), (b"[" * 100_000, "json_broken"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_records_is_refused_with_a_sentence(data, code):
    with pytest.raises(Refusal) as refused:
        PortalReader().table(data, name="a.json", most_rows=100)

    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_too_many_records_are_refused_before_they_are_kept():
    with pytest.raises(Refusal) as refused:
        PortalReader().table(json.dumps([STATE] * 101).encode(), name="a", most_rows=100)

    assert refused.value.code == "too_many_rows"


@pytest.mark.parametrize(("count", "is_taken"), [(3, True), (4, False)])
def test_as_many_rows_as_are_allowed_are_taken_and_not_one_more(count, is_taken):
    data = json.dumps([STATE] * count, ensure_ascii=False).encode()
    if is_taken:
        assert len(PortalReader().table(data, name="a.json", most_rows=3)) == 1 + count
        return
    with pytest.raises(Refusal) as refused:
        PortalReader().table(data, name="a.json", most_rows=3)
    assert refused.value.code == "too_many_rows"
