"""Files of the portal for tests, made as the portal makes them."""

import json
import lzma

from nep.apps.catalogue import queries
from nep.apps.catalogue.services import ImportWish, import_files
from nep.apps.organization.rules import Actor, setup_actor
from nep.apps.organization.tests.scene import NOW
from nep.foundation.printing import SheetColumn, xlsx

HEADS = ("Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực")
RECORD = {
    "ma_thu_tuc": "1.012345",
    "ten_thu_tuc": "Cấp  giấy phép xây dựng\u200b nhà ở riêng lẻ",
    "so_quyet_dinh": "123/QĐ-BXD",
    "cap_thuc_hien": "Cấp tỉnh, Cấp xã",
    "linh_vuc": "Hoạt động xây dựng",
    "co_quan_thuc_hien": "Ủy ban nhân dân cấp xã",
    "cach_thuc_thuc_hien": (
        "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến15 Ngày làm việcMiễn phíNộp qua Cổng"
        "Trực tiếp20 Ngày làm việc150,000 VNĐ(mỗi giấy phép)Nộp tại một cửa"
    ),
    "thanh_phan_ho_so": (
        "--Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị theo mẫu.Mau 01.docx1 bản chính"
        "Bản vẽ thiết kế1 bản chính,2 bản sao"
    ),
    "can_cu_phap_ly": (
        "Tên văn bản pháp lýMã văn bảnLuật Xây dựng50/2014/QH13Nghị định175/2024/NĐ-CP"
    ),
    "ket_qua_xu_ly": "Giấy phép xây dựngMã: KQ.G01.000020Từ khóaKhông có thông tinMô tả",
    "yeu_cau_dieu_kien": "Không có thông tin",
    "trinh_tu_thuc_hien": "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả.",
}


def record(**change: str) -> dict[str, str]:
    """Return one record of the portal."""
    return {**RECORD, **change}


def lines(*records: dict[str, str], packed: bool = False) -> bytes:
    """Return records as JSON lines, packed as the portal's dump is when asked."""
    data = "\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode()
    return lzma.compress(data) if packed else data


def sheet(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    """Return an Excel list: a title row, the heads in the second, then the rows."""
    columns = [SheetColumn("DANH SÁCH THỦ TỤC"), *(SheetColumn("") for _ in heads[1:])]
    return xlsx([("Danh sách TTHC", columns, [heads, *rows])])


def take(*files: tuple[str, bytes], actor: Actor | None = None, now=NOW, **wish) -> dict:
    """Import files at once and return the tally."""
    told = import_files(actor=actor or setup_actor(), files=files, wish=ImportWish(**wish), now=now)
    return queries.tally(tuple(dict.fromkeys(one[0] for one in told)))
