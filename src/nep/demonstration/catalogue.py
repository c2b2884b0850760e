"""The published list of the demonstration: its agencies' TTHC and a few that nobody handles yet."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from nep.apps.catalogue.queries import entry, tally
from nep.apps.catalogue.services import ImportWish, entry_abolish, import_files
from nep.apps.organization.rules import setup_actor
from nep.apps.procedures.services import tthc_bind_all
from nep.demonstration import facts

COMMUNE_KINDS = frozenset({"xa", "phuong", "dac_khu"})
COMMUNE, PROVINCE = "Cấp xã", "Cấp tỉnh"
# what the list says otherwise than the agencies, so that there is something to take over
OTHERWISE = {"1.002032": {"limit": "8 Ngày làm việc", "fee": "200,000 VNĐ"},
             "1.004884": {"limit": "5 Ngày", "fee": "Miễn phí"}}  # fmt: skip
FURTHER = (
    ("9.900101", "Đăng ký hoạt động của Trung tâm tư vấn pháp luật", "Tư vấn pháp luật", PROVINCE),
    ("9.900102", "Cấp lại giấy đăng ký hoạt động của văn phòng luật sư", "Luật sư", PROVINCE),
    ("9.900103", "Đăng ký danh sách đấu giá viên của tổ chức đấu giá", "Đấu giá tài sản", PROVINCE),
    ("9.900201", "Thủ tục đăng ký khai sinh có yếu tố lưu động", "Hộ tịch", COMMUNE),
    ("9.900202", "Thủ tục ghi vào sổ hộ tịch việc hộ tịch đã giải quyết", "Hộ tịch", COMMUNE),
)
COMING = ("9.900203", "Thủ tục đăng ký hộ tịch không phụ thuộc nơi cư trú", "Hộ tịch", COMMUNE)
GONE = ("9.900104", "Xác nhận hoạt động của người tập sự hành nghề luật sư", "Luật sư", PROVINCE)
DECISION, ABOLITION = "01/QĐ-MAU", "02/QĐ-MAU"


def build_catalogue(*, now: datetime) -> None:
    """Publish the list, something not yet in force and something abolished; bind the agencies' own."""
    known: dict[str, dict[str, Any]] = {}
    for agency in facts.agencies():
        for content in facts.procedures(agency):
            if content.get("tthc"):
                known.setdefault(content["tthc"], _record(agency, content))
    records = [*known.values(), *(_further(*one) for one in (*FURTHER, GONE))]
    _take(records, now)
    later = date(now.year + 1, 3, 1)
    _take([_further(*COMING)], now, kind="coming", on=later)
    entry_abolish(
        actor=setup_actor(), code=GONE[0], decision=ABOLITION, on=now.date() + timedelta(days=60),
        version=entry(code=GONE[0], today=now.date()).version, now=now,
    )  # fmt: skip
    tthc_bind_all(now=now)


def _take(records: list[dict[str, Any]], now: datetime, **wish: Any) -> None:
    data = "\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode()
    told = import_files(
        actor=setup_actor(), files=[("danh-muc-mau.jsonl", data)], wish=ImportWish(**wish), now=now
    )
    refused = tally(tuple({one[0] for one in told}))["refused"]
    if refused:
        raise ValueError(refused[0]["reason"])


def _record(agency: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Return an agency's TTHC as the portal would tell it."""
    is_commune = agency["kind"] in COMMUNE_KINDS
    other = OTHERWISE.get(content["tthc"], {})
    amount = content["limit"].split()[0]
    limit = other.get("limit", f"{amount} Ngày làm việc")
    fee = other.get("fee", "Miễn phí")
    papers = "".join(f"{name}1 bản chính" for name in content.get("papers", ()))
    return {
        "ma_thu_tuc": content["tthc"],
        "ten_thu_tuc": content["name"],
        "so_quyet_dinh": DECISION,
        "cap_thuc_hien": COMMUNE if is_commune else PROVINCE,
        "linh_vuc": content["field"],
        "co_quan_thuc_hien": "Ủy ban nhân dân cấp xã" if is_commune else agency["name"],
        "cach_thuc_thuc_hien": (
            f"Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến{limit}{fee}Trực tiếp{limit}{fee}"
        ),
        "thanh_phan_ho_so": f"--Tên giấy tờMẫu đơn, tờ khaiSố lượng{papers}",
        "ket_qua_xu_ly": content["result"],
    }


def _further(code: str, name: str, field: str, level: str) -> dict[str, Any]:
    return {
        "ma_thu_tuc": code,
        "ten_thu_tuc": name,
        "so_quyet_dinh": DECISION,
        "cap_thuc_hien": level,
        "linh_vuc": field,
        "co_quan_thuc_hien": "Ủy ban nhân dân cấp xã" if level == COMMUNE else "Sở Tư pháp",
        "cach_thuc_thuc_hien": (
            "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tiếp5 Ngày làm việcMiễn phí"
        ),
        "thanh_phan_ho_so": "--Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị1 bản chính",
    }
