"""Papers, legal documents and results out of the portal's text, whose tables have lost borders."""

import re

from nep.apps.catalogue.rules._letters import LOWER, UPPER
from nep.apps.catalogue.rules._values import Basis, Doubt, PublishedPaper
from nep.kernel.text import clean, clean_lines

NOTHING = "Không có thông tin"
_PAPER_HEAD = re.compile(r"Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng")
_COUNT = re.compile(r"(\d+) bản chính(?:\s*,\s*(\d+) bản sao)?(?=$|[^\s,;.):/" + LOWER + "])")
_FILE_END = re.compile(r"\.(?:docx?|xlsx?|pdf|rar|zip|jpe?g|png)$", re.IGNORECASE)
_GLUE = re.compile(r"(?<=[" + LOWER + r".);:”\"\]])(?=[0-9" + UPPER + "])")
_BASIS_HEAD = re.compile(r"^(?:Tên văn bản pháp lý\s*Mã văn bản|:)\s*")
_NUMBER = re.compile(
    r"(?:\d{1,3}\.)?\d+(?:/\d{4})?/(?:(?:NQ-)?QH\d{2}|(?:PL-)?UBTVQH\d{2}|"
    r"[A-ZĐ][A-ZĐƯ0-9]*(?:-[A-ZĐƯ][A-ZĐƯ]+)*)"
)
_ISSUERS = (
    "CP", "TTg", "TTG", "UBND", "HĐND", "UBTVQH", "NHNN", "TANDTC", "VKSNDTC", "TTCP", "VPCP",
    "UBDT", "TCHQ", "TCT", "BCA", "BTC", "BTP", "BNNMT", "BNNPTNT", "BNN", "BTNMT", "BXD", "BGTVT",
    "BQP", "BNV", "BKHĐT", "BKHCN", "BCT", "BYT", "BLĐTBXH", "BGDĐT", "BVHTTDL", "BNG", "BTTTT",
    "BTS", "BLĐTB", "BDTTG",
)  # fmt: skip
_ISSUER = re.compile(
    r"-(?:"
    + "|".join(sorted(_ISSUERS, key=len, reverse=True))
    + r")(?:-(?:"
    + "|".join(_ISSUERS)
    + "))*"
)
_YEAR_BEFORE = re.compile(r"^(?:19|20)\d{2}(?=\d)")
_WEB = re.compile(r"(?:Từ khóa|Chọn cơ quan thực hiện|Hệ thống chỉ hiển thị|Nộp hồ sơ$)")
_RESULT_CODE = re.compile(r"Mã:\s*KQ\.[A-Z]?\d+\.\d{5,6}")


def told(text: str) -> str:
    """Return a text without web-page words and without "Không có thông tin"; lines are kept."""
    found = _WEB.search(text)
    body = clean_lines(text[: found.start()] if found else text)
    while "\n\n\n" in body:
        body = body.replace("\n\n\n", "\n\n")
    return "" if body.strip(". ") == NOTHING else body


def read_papers(text: str) -> tuple[tuple[PublishedPaper, ...], tuple[Doubt, ...]]:
    """Return the papers of a glued table, each with its group, and what is uncertain."""
    parts = _PAPER_HEAD.split(told(text))
    if len(parts) == 1:
        body = clean(parts[0])
        if not body:
            return (), ()
        doubt = Doubt("papers_untabled", "papers", "Thành phần hồ sơ không theo bảng, để nguyên.")
        return (PublishedPaper(body),), (doubt,)
    papers: list[PublishedPaper] = []
    doubts: list[Doubt] = []
    group = parts[0]
    for part in parts[1:]:
        start = 0
        for found in _COUNT.finditer(part):
            name, originals, is_sure = _counted(part[start : found.start()], found.group(1))
            start = found.end()
            paper = _paper(name, originals, int(found.group(2) or 0), group)
            if paper is None:
                continue
            papers.append(paper)
            if not is_sure:
                said = f"Số lượng của “{paper.name[:60]}” dính vào tên, hiểu là {originals}."
                doubts.append(Doubt("paper_count", "papers", said))
        group = part[start:]
    if clean(group).strip("- "):
        said = f"Đoạn cuối không phải giấy tờ nào: “{clean(group)[:80]}”."
        doubts.append(Doubt("papers_rest", "papers", said))
    return tuple(papers), tuple(doubts)


def _counted(name: str, digits: str) -> tuple[str, int, bool]:
    """Part a count from digits of the name it is glued to ("… số 227/2025" + "1")."""
    if len(digits) == 1:
        return name, int(digits), True
    if digits.startswith("0"):
        return name, int(digits), True
    after_words = name[-1:].isalpha() or name[-1:] in '.;:)”"'
    if after_words and len(digits) == 2 and digits[0] in "12":
        return name, int(digits), False
    return name + digits[:-1], int(digits[-1]), False


def _paper(name: str, originals: int, copies: int, group: str) -> PublishedPaper | None:
    body = clean(name).strip(" ")
    form = ""
    if _FILE_END.search(body):
        glues = [found.start() for found in _GLUE.finditer(body)]
        if glues:
            body, form = body[: glues[-1]], body[glues[-1] :]
    body = body.lstrip("-+*• ").strip()
    if not body and not form:
        return None
    return PublishedPaper(
        name=body or form,
        originals=originals,
        copies=copies,
        group=clean(group).strip("- ").rstrip(":"),
        form=form,
    )


def read_basis(text: str) -> tuple[Basis, ...]:
    """Return the legal documents of a glued table of titles and numbers."""
    body = _BASIS_HEAD.sub("", told(text))
    found: list[Basis] = []
    start = 0
    for match in _NUMBER.finditer(body):
        begin, end = _number_span(body, match)
        if match.start() < start or not _closes(body, end):
            continue
        title, number = clean(body[start:begin]), body[begin:end]
        start = end
        if title or not found or found[-1].number != number:
            found.append(Basis(title, number))
    rest = clean(body[start:])
    if rest:
        found.append(Basis(rest))
    return tuple(dict.fromkeys(found))


def _number_span(body: str, match: re.Match[str]) -> tuple[int, int]:
    """Return where a number begins and ends, parted from a year before it ("năm 2024" +
    "46/2024/QH15") and from a title behind it ("04/2015/TT-BCA" + "Nghị định")."""
    begin, end = match.span()
    said = match.group(0)
    year = _YEAR_BEFORE.match(said)
    if year is not None and len(said.partition("/")[0]) > 4:
        begin += year.end()
    issuer = _ISSUER.search(body, begin, min(len(body), end + 1))
    if issuer is not None:
        return begin, issuer.end()
    return begin, end - 1 if end < len(body) and body[end].islower() else end


def _closes(body: str, end: int) -> bool:
    """Say whether a number ends its row: the text ends, or the next title is glued to it."""
    return end >= len(body) or body[end].isalnum() or body[end] in '\n“"'


def read_results(text: str) -> tuple[str, ...]:
    """Return the results of a TTHC; codes of the portal and web-page words are left out."""
    body = told(text)
    names = (clean(one).strip("+- ;") for one in _RESULT_CODE.split(body))
    return tuple(dict.fromkeys(name for name in names if name and name != NOTHING))
