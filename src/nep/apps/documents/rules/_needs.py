"""Which form somebody needs, told in own words: words that say nothing, and words for the same.

In the search form (small letters, no marks, đ as d); a key with marks speaks only of what was typed
with them, where another word looks the same without ("nghỉ", "nghị"). Kept short on purpose: what
officials say against what forms are called.
"""

from collections.abc import Mapping

IDLE_WORDS = frozenset(
    """
    toi minh em anh chi co ay ho chung ta ai nao gi dau sao the a ah nhe nhi voi va hay hoac
    la thi ma nhung cac cho den tu trong ngoai tren duoi cua ve o tai do boi vi nen neu khi
    luc sau truoc da dang se vua moi cung con rat qua lai ra vao len di duoc bi phai can
    muon xin de lam dung lay tim viet ghi dien mot hai vai nhieu it nay kia day mau bieu
    phieu don giay to ban form nguoi viec cai chiec
    """.split()  # noqa: SIM905
)
# how the name of a form begins, as a step writes it
FORM_WORDS = frozenset(
    """
    bao bang ban bien don danh giay ke lich mau muc nhat phieu so thong to trinh van bieu chuong
    de thu
    """.split()  # noqa: SIM905
)
ALIKE: Mapping[str, tuple[str, ...]] = {
    "sua": ("sua doi", "bo sung"),
    "ban hanh": ("soan thao",),
    "thay": ("sua doi", "thay the"),
    "sai": ("khong phu hop", "khac phuc"),
    "loi": ("khong phu hop", "khac phuc"),
    "sai sot": ("khong phu hop",),
    "vi pham": ("khong phu hop",),
    "khac phuc": ("khong phu hop",),
    "chê": ("gop y", "y kien"),
    "phan nan": ("phan anh", "kien nghi", "khieu nai"),
    "keu": ("phan anh", "kien nghi"),
    "to cao": ("khieu nai",),
    "hai long": ("khao sat", "y kien", "su hai long"),
    "gop y": ("y kien",),
    "học": ("dao tao", "boi duong"),
    "tap huan": ("dao tao", "boi duong"),
    "lop": ("dao tao",),
    "dạy": ("dao tao",),
    "nghỉ": ("nghi phep", "ban giao"),
    "nghi om": ("nghi phep",),
    "ốm": ("nghi phep",),
    "nghi viec": ("ban giao",),
    "nghi huu": ("ban giao",),
    "chuyen cong tac": ("ban giao",),
    "huy": ("tieu huy",),
    "bỏ": ("tieu huy", "thanh ly"),
    "vut": ("tieu huy",),
    "giay to cu": ("tieu huy",),
    "nop kho": ("nop luu",),
    "luu kho": ("nop luu",),
    "mượn": ("muon",),
    "hong": ("sua chua", "thanh ly"),
    "hư": ("sua chua",),
    "mua": ("mua sam", "de xuat"),
    "van phong pham": ("mua sam",),
    "xe": ("phuong tien",),
    "họp": ("bien ban", "cuoc hop"),
    "kiem tra": ("danh gia", "danh gia noi bo"),
    "danh gia": ("danh gia noi bo",),
    "rui ro": ("co hoi",),
    "nguy co": ("rui ro",),
    "trễ": ("xin loi", "gia han"),
    "tre hen": ("xin loi", "gia han"),
    "qua han": ("xin loi", "gia han"),
    "thieu": ("bo sung",),
    "thieu giay to": ("bo sung", "hoan thien"),
    "tu choi": ("tu choi",),
    "khong nhan": ("tu choi",),
    "nhan ho so": ("tiep nhan", "hen tra"),
    "hen": ("hen tra",),
    "muc tieu": ("muc tieu chat luong",),
    "đọc": ("xac nhan", "phan phoi"),
    "phát": ("phan phoi",),
    "thu hoi": ("phan phoi", "thu hoi"),
}
