"""Names, codes and cases of procedures, as headings print them."""

import re

from nep.kernel.text import clean, fold

MAX_NAME = 900
_CODE = re.compile(r"(?<![\d.])(\d\.\d{6})((?:\.\d{2,3}){0,3}(?:\.[HG]\d{2,3})?)(?![\d])")
_CODE_WORDS = (
    r"(?:mã(?:\s*số)?(?:\s*(?:của\s*)?(?:TTHC|thủ\s*tục(?:\s*hành\s*chính)?|quy\s*trình))?"
    r"|số\s*hồ\s*sơ\s*TTHC)"
)
_CODE_PART = re.compile(
    rf"[\s,;–—-]*[(\[]?\s*(?:{_CODE_WORDS})?\s*:?\s*\d\.\d{{6}}[\d.HG]*"
    r"(?:[^()\[\]]{0,80}[)\]]+|\s*[)\]]+|\s*$)?",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:quy\s*trình(?:\s*số)?\s*:?\s*\d{1,3}|thủ\s*tục\s*(?:số\s*)?\d{1,3})\s*[.:)–-]\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^(?:[IVXLC]{1,6}|\d{1,3}(?:\.\d{1,2})*|[A-Za-z])\s*[.):]\s*(?=\D)")
_OUTER = re.compile(r"^(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*|[A-Za-zĐđ])\s?[.):](?!\d)\s*")
_PREFIX = re.compile(
    r"^(?:(?:quy\s*trình|lưu\s*đồ)[^:“\"]{0,90}?(?:TTHC|thủ\s*tục\s*hành\s*chính)\s*[:–-]?\s*(?=[“\":])"
    r"|quy\s*trình[^:“\"]{0,90}:\s*|tên\s*(?:TTHC|thủ\s*tục(?:\s*hành\s*chính)?)\s*:\s*"
    r"|(?:TTHC|thủ\s*tục\s*hành\s*chính)\s*:\s*)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^(?:(?:ten )?(?:thu tuc|tthc)\b|quy trinh (?!xu ly|giai quyet$|thuc hien$))")
_TITLED = re.compile(r"^(?:ten (?:thu tuc|tthc)|thu tuc\s?:|quy trinh noi bo[^:]{0,80}:)")
_PART = re.compile(
    r"^quy trinh(?: noi bo| dien tu)?(?: giai quyet| xu ly| thuc hien)?(?: ho so| cong viec)? "
    r"(?:tai|o|cap (?:xa|tinh|huyen|so|trung uong|tw)|giua|lien thong (?:giua|cap)|thuoc (?:tham quyen|cap))\b"
)
_SECTION = re.compile(
    r"^(?:co so phap ly|can cu|thanh phan|so luong|cach thuc|trinh tu|noi dung|dia diem|noi tiep|"
    r"le phi|phi|bieu mau|quy trinh (?:xu ly|giai quyet|thuc hien)|luu do|doi tuong|co quan|"
    r"ket qua|yeu cau|dieu kien|trach nhiem|muc do|ho so|cac bieu mau|thoi (?:han|gian))\b"
)
_ENUMERATOR = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2})+\s+|(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*|[A-Za-zĐđ])\s?[.):](?!\d)\s*)"
)
_CASE = re.compile(r"^(?:(?:ap dung )?(?:doi voi|trong) )?truong hop\b|^doi voi\b")


def code_in(text: str) -> tuple[str, str] | None:
    """Return the bare code of a procedure and the code as printed, or None."""
    found = _CODE.search(text)
    return (found[1], found[1] + found[2]) if found else None


def count_codes(text: str) -> int:
    """Return how many different codes a text holds."""
    return len({found[1] for found in _CODE.finditer(text)})


def is_section(bare: str) -> bool:
    """Tell whether folded words head a usual section ("thanh phan ho so", "le phi" …)."""
    return bool(_SECTION.match(bare))


def bare_name(text: str) -> str:
    """Return the name of a procedure without number, code, "Quy trình …:" and quotation marks."""
    text = _CODE_PART.sub(" ", clean(text))
    text = _LEADING.sub("", clean(text))
    while (found := _NUMBER.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    text = _PREFIX.sub("", text)
    return clean(text).strip(" :;–—-“”\"'").removesuffix("(").strip(" .")


def is_case(text: str) -> bool:
    """Tell whether a heading names a case ("a) Đối với trường hợp …")."""
    return bool(_CASE.match(fold(without_number(text))))


def without_number(text: str) -> str:
    """Return a heading without its "2.1." or "a)" in front, repeated ones too."""
    while (found := _ENUMERATOR.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    return text


def case_name(line: str) -> str:
    """Return "a) Đối với …" out of "5.7.1. a) Đối với …": only the innermost number stays."""
    text = line
    while True:
        shorter = _strip_one(text)
        if shorter == text or without_number(shorter) == shorter:
            return text
        text = shorter


def _strip_one(text: str) -> str:
    found = _OUTER.match(text)
    return text[found.end() :] if found and found.end() < len(text) else text


def names_procedure(line: str) -> bool:
    """Tell a numbered heading that names a procedure without its code."""
    if len(line) > MAX_NAME:
        return False
    if _TITLED.match(fold(line)):
        return len(bare_name(line)) > 10
    if not (_NUMBER.match(line) or _LEADING.match(line)):
        return False
    bare = fold(without_number(line))
    return (
        bool(_NAMED.match(bare))
        and not _SECTION.match(bare)
        and not _PART.match(bare)
        and len(bare) > 20
    )


def heads_procedure(text: str) -> bool:
    """Tell whether a row of a table names the procedure whose steps stand below it."""
    if len(text) > MAX_NAME:
        return False
    bare = fold(without_number(text))
    named = bare.startswith(("thu tuc ", "tthc ", "ten thu tuc", "ten tthc"))
    return code_in(text) is not None or (named and len(bare) > 20) or bool(_TITLED.match(bare))
