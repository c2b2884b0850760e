"""Word files as other offices lay them out: `python3 dev.py drill word_offices [FILES] [SEED]`.

Where `word_layouts` draws the wording of one plain table, this draws its shape: heads nobody has
seen, units in the head, above the table, in a column of their own or nowhere, days and hours
apart, unit and person apart, marks under a person's head, rows that sum up sub-rows, levels in
one table or in several, tables cut by a page, turned or without a head, and lists, plans and
forms with like heads around them. The steps are those of the real decisions.
"""

import io
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import docx
from docx.document import Document
from docx.table import Table, _Cell

from drills._typed import typed
from drills.word_layouts import ROMAN, Tally, compare, number, procedures, time_words

HEADS: dict[str, tuple[str, ...]] = {
    "label": ("TT", "STT", "Bước", "Bước số", "Mã bước", "#", "Số bước", "Trình tự", "Thứ tự"),
    "content": (
        "Tên bước", "Nhiệm vụ cụ thể", "Diễn giải", "Công việc phải làm", "Nội dung", "Quy trình",
        "Thao tác nghiệp vụ", "Trình tự các bước", "Hoạt động chính", "Việc cần làm",
    ),
    "who": (
        "Ai làm", "Chủ trì", "Đầu mối thực hiện", "Thẩm quyền", "Nhân sự", "Phòng, ban", "Cá nhân",
        "Người chịu trách nhiệm chính", "Tổ chức, cá nhân", "Lãnh đạo, công chức", "Thực hiện",
        "Nơi xử lý", "Chức danh", "Cấp xử lý", "Vị trí việc làm",
    ),
    "time": (
        "TG xử lý", "Hạn xử lý", "Thời lượng", "Định mức", "Tiến độ", "Khoảng thời gian",
        "Thời gian tối đa", "Thời hạn phải xong", "Thời gian hoàn thành", "Định mức thời gian",
    ),
    "forms": ("Kết quả đầu ra", "Minh chứng", "Tên biểu mẫu", "Yêu cầu", "Cơ sở pháp lý", "Ghi chú"),
}  # fmt: skip
WORDS = {  # further ways to write an amount, by what it is in hours
    Decimal("0.5"): ("30 phút", "30’"), Decimal("1.5"): ("1 giờ 30 phút", "1h30"),
    Decimal(4): ("nửa ngày", "½ ngày", "04 giờ"), Decimal(8): ("một ngày", "01 (một) ngày"),
    Decimal(12): ("1 ngày rưỡi", "1 ngày 4 giờ", "1½ ngày"), Decimal(40): ("năm ngày", "5 ngày"),
    Decimal(80): ("mười ngày làm việc", "10 NLV"), Decimal(120): ("Mười lăm ngày làm việc",),
}  # fmt: skip
NEEDS_DAY = ("ngày làm việc", "NLV")
AROUND: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("Kế hoạch thực hiện", (
        ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian thực hiện"),
        ("1", "Niêm yết công khai quy trình", "Văn phòng", "Tháng 12/2025"),
        ("2", "Tập huấn cho công chức", "Phòng Nội vụ", "Quý I/2026"),
    )),
    ("Lịch tiếp công dân", (
        ("Thứ", "Nội dung", "Lãnh đạo tiếp", "Thời gian"),
        ("Thứ Hai", "Tiếp công dân định kỳ", "Chủ tịch UBND", "Sáng 7h30 - 11h30"),
        ("Thứ Năm", "Tiếp công dân định kỳ", "Phó Chủ tịch UBND", "Chiều 13h30 - 17h00"),
    )),
    ("Hồ sơ lưu", (
        ("TT", "Tên hồ sơ", "Bộ phận lưu", "Thời gian lưu"),
        ("1", "Hồ sơ đề nghị", "Phòng chuyên môn", "05 năm"), ("2", "Sổ theo dõi", "Văn thư", "Lâu dài"),
    )),
    ("Danh mục", (
        ("TT", "Tên thủ tục hành chính", "Cơ quan thực hiện", "Thời hạn giải quyết", "Nội dung"),
        ("1", "Cấp giấy phép hoạt động", "Sở", "05 ngày làm việc", "Sửa đổi"),
        ("2", "Cấp lại giấy phép hoạt động", "Sở", "03 ngày làm việc", "Mới ban hành"),
    )),
    ("Phiếu kiểm soát", (
        ("TÊN CƠ QUAN", "Thời gian giao, nhận hồ sơ", "Kết quả giải quyết", "Ghi chú"),
        ("Bộ phận một cửa", "…giờ…phút, ngày … tháng … năm…", "Trước hạn", ""),
        ("Phòng chuyên môn", "…giờ…phút, ngày … tháng … năm…", "Đúng hạn", ""),
    )),
    ("Thời gian, phí", (
        ("Thời gian giải quyết", "Nơi tiếp nhận", "Lệ phí"),
        ("Theo quy định", "Trung tâm Phục vụ hành chính công", "Không"),
    )),
)  # fmt: skip
TITLES = (
    "{roman}. {name} ({code})", "Tên TTHC: {name}\nMã số: {code}.000.00.00.H99",
    "QUY TRÌNH {k:02d}\n{name} – {code}", "{k}. {name}\n- Mã TTHC: {code}",
    "KEYS", "ROW", "THỦ TỤC {name_upper}\n(Mã TTHC: {code})",
)  # fmt: skip


@dataclass
class Office:
    """The shape of the tables of one file."""

    columns: list[str]
    heads: dict[str, str]
    label: str
    title: str
    unit: str
    unit_at: str
    who: str
    shape: str
    cut: str
    levels: str
    parents: bool
    shared: bool
    total: str
    head_rows: int
    numbers: bool
    around: bool


def draw(chance: random.Random) -> Office:
    """Return a shape drawn at random; shapes that exclude each other are not drawn together."""
    shape = chance.choice(["plain"] * 8 + ["framed", "turned", "headless"])
    plain = shape in ("plain", "framed")
    columns = ["content", "who", "time"]
    if chance.random() < 0.4:
        chance.shuffle(columns)
    columns.insert(0, "label")
    if plain and chance.random() < 0.6:
        columns.insert(chance.randrange(2, len(columns) + 1), "forms")
    return Office(
        columns=columns,
        heads={name: chance.choice(texts) for name, texts in HEADS.items()},
        label=chance.choice(("Bước {n}", "B{n}", "{n}", "{n:02d}.", "({n})", "")
                            if plain else ("Bước {n}", "B{n}")),
        title=chance.choice(TITLES if shape == "plain" else TITLES[:4]),
        unit=chance.choice(("ngày làm việc", "giờ", "ngày")),
        unit_at=chance.choice(("cell", "words", "head", "line", "column", "total", "split")
                              if plain else ("cell",)),
        who=chance.choice(("one", "one", "one", "two", "marks") if plain else ("one",)),
        shape=shape,
        cut=chance.choice(("", "", "", "again", "bare", "told") if shape == "plain" else ("",)),
        levels=chance.choice(("", "", "", "rows", "totals", "tables") if shape == "plain" else ("",)),
        parents=plain and chance.random() < 0.15,
        shared=plain and chance.random() < 0.25,
        total=chance.choice(("row", "row", "across", "bare", "below", "above", "")),
        head_rows=chance.choice((1, 1, 2)) if plain else 1,
        numbers=plain and chance.random() < 0.2,
        around=chance.random() < 0.5,
    )  # fmt: skip


@dataclass
class Written:
    """The rows of one table; "^" goes on from the cell above, "<" from the cell to the left."""

    rows: list[list[str]] = field(default_factory=list)
    wanted: list[dict[str, Any]] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)


def grid(place: Document | _Cell, rows: list[list[str]]) -> Table:
    """Write a table with its merged cells."""
    table = place.add_table(rows=len(rows), cols=len(rows[0]))
    if isinstance(place, _Cell):
        place.add_paragraph("")
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            source = (at - 1, column) if text == "^" else (at, column - 1)
            own = text not in ("^", "<")
            owner[at, column] = (at, column) if own else owner[source]
    last = {origin: place for place, origin in owner.items()}
    for origin, end in last.items():
        cell = table.cell(*origin)
        cell = cell.merge(table.cell(*end)) if end != origin else cell
        cell.text = rows[origin[0]][origin[1]]
    return table


class Writer:
    """Write the tables of one procedure in the office's shape."""

    def __init__(self, office: Office, steps: list[dict[str, Any]], chance: random.Random) -> None:
        self.office, self.chance = office, chance
        self.steps = steps
        self.hours = [Decimal(str(step["time_hours"])) for step in steps]
        self.total = sum(self.hours, Decimal(0))
        self.people = list(dict.fromkeys(step["responsible"] for step in steps))
        if office.title == "ROW" and office.levels == "tables":  # a limit stands below its title
            self.office = office = replace(office, levels="rows")
        if not office.label and (office.cut or office.parents):
            self.office = office = replace(office, cut="", parents=False)
        if office.who == "marks" and not 2 <= len(self.people) <= 5:
            self.office = office = replace(office, who="one")
        self.columns = self._columns()

    def _columns(self) -> list[str]:
        more = {"split": "hours", "column": "unit"}.get(self.office.unit_at)
        columns: list[str] = []
        for name in self.office.columns:
            if name == "label" and not self.office.label:
                continue
            if name == "who" and self.office.who == "two":
                columns.append("office")
            if name == "who" and self.office.who == "marks":
                people = list(dict.fromkeys(step["responsible"] for step in self.steps))
                columns.extend(f"mark{at}" for at in range(len(people)))
                continue
            columns.append(name)
            if name == "time" and more:
                columns.append(more)
        return columns

    def head(self) -> list[list[str]]:
        """Return the rows of the head."""
        office, texts = self.office, dict(self.office.heads)
        texts |= {"office": "Đơn vị", "hours": "Giờ", "unit": "ĐVT"}
        if office.who == "two":
            texts["who"] = "Người thực hiện"
        if office.unit_at == "head":
            texts["time"] += f" ({office.unit})"
        top = []
        for name in self.columns:
            if name.startswith("mark"):
                top.append("Trách nhiệm" if name == "mark0" else "<")
            elif name == "hours":
                top.append("<")
            else:
                top.append(texts[name])
        if office.unit_at == "split" or office.who == "marks":
            low = [self._low(name) for name in self.columns]
            return [top, low]
        return [top, ["^"] * len(top)] if office.head_rows == 2 else [top]

    def _low(self, name: str) -> str:
        if name.startswith("mark"):
            return self.people[int(name[4:])]
        if self.office.unit_at == "split" and name in ("time", "hours"):
            return "Ngày" if name == "time" else "Giờ"
        return "^"

    def written(self) -> Written:
        """Return all rows and what a reader should find in them."""
        out, columns = Written(), self.columns
        half = len(self.steps) // 2
        for n, (step, amount) in enumerate(zip(self.steps, self.hours, strict=True), start=1):
            if n == half + 1 and self.office.levels:
                self._level(out, "II. Tại cơ quan cấp trên", self.hours[:half])
            elif n == 1 and self.office.levels:
                self._level(out, "I. Tại cơ quan tiếp nhận", [])
            if n == half + 1:
                out.cuts.append(len(out.rows))
            if self.office.parents and n == 2 and len(self.steps) > 3:
                amounts = self.hours[1:3]
                whole = sum(amounts, Decimal(0))
                texts, *_ = self._time(whole)
                row = {"label": self.office.label.format(n=2), "content": "Xử lý hồ sơ", "who": "",
                       "office": "", **texts}  # fmt: skip
                out.rows.append([row.get(name, "") for name in columns])
            out.rows.append(self._step(out, n, step, amount))
        if self.office.levels == "totals":
            self._level(out, "", self.hours[half:])
        return out

    def _label(self, n: int) -> str:
        if self.office.parents and len(self.steps) > 3 and n >= 2:
            sub = f"2.{n - 1}" if n < 4 else f"{n - 1}"
            return self.office.label.replace("{n:02d}", "{n}").replace("{n}", sub)
        return self.office.label.format(n=n)

    def _step(self, out: Written, n: int, step: dict[str, Any], amount: Decimal) -> list[str]:
        before = out.wanted[-1] if out.wanted else None
        texts, hours, unit = self._time(amount)
        who = step["responsible"]
        row = {"label": self._label(n), "content": step["content"], "who": who,
               "office": f"Đơn vị số {n % 3}", "forms": step["forms"][:60], **texts}  # fmt: skip
        if self.office.who == "two":
            who = f"{row['office']}, {who}"
        elif self.office.who == "marks":
            row[f"mark{self.people.index(who)}"] = "x"
        wanted = {"order": n, "responsible": who, "time_hours": hours, "time_unit": unit}
        first = not out.rows or out.cuts == [len(out.rows)] or "<" in out.rows[-1]
        same = before is not None and before["responsible"] == who and not first
        shares = self.office.shared and self.office.who == "one" and same
        if shares and out.rows[-1][self.columns.index("who")]:
            row["who"] = "^"
        out.wanted.append(wanted)
        return [row.get(name, "") for name in self.columns]

    def _time(self, amount: Decimal) -> tuple[dict[str, str], float, str]:
        """Return (texts by column, hours, unit as it is to be read)."""
        unit, at = self.office.unit, self.office.unit_at
        worth = Decimal(1) if unit == "giờ" else Decimal(8)
        if at == "split":
            days, rest = divmod(amount, 8)
            texts = {"time": number(days, self.chance) if days else "",
                     "hours": number(rest, self.chance) if rest else ""}  # fmt: skip
            return texts, float(amount), "giờ" if rest else "ngày"
        if at == "words" and amount in WORDS:
            text = self.chance.choice(WORDS[amount])
            is_day = "ngày" in text or "NLV" in text
            named = "ngày làm việc" if any(word in text for word in NEEDS_DAY) else "ngày"
            return (
                {"time": text},
                float(amount),
                named if is_day and " 4 giờ" not in text else "giờ",
            )
        if at in ("cell", "words"):
            return {"time": time_words(amount, unit, self.chance)}, float(amount), unit
        value = number(amount / worth, self.chance)
        return {"time": value, "unit": unit}, float(amount), unit

    def _level(self, out: Written, heading: str, before: list[Decimal]) -> None:
        width = len(self.columns)
        if self.office.levels == "totals" and before:
            self._sum(out, "Cộng thời gian của phần này", sum(before, Decimal(0)))
        if heading and self.office.levels != "tables":
            out.rows.append([heading] + ["<"] * (width - 1))

    def _sum(self, out: Written, name: str, amount: Decimal) -> None:
        texts, *_ = self._time(amount)
        if self.office.unit_at == "total":
            texts["time"] = time_words(amount, self.office.unit, self.chance)
        at = self.columns.index("time")
        row = [texts.get(one, "") for one in self.columns]
        if at:
            row[:at] = [name] + ["<"] * (at - 1)
        else:
            row[1] = name
        out.rows.append(row)

    def close(self, out: Written) -> None:
        """Add the row of the total."""
        said = time_words(self.total, self.office.unit, self.chance)
        if self.office.total == "across":
            out.rows.append([f"Tổng thời gian: {said}"] + ["<"] * (len(self.columns) - 1))
        elif self.office.total == "row" or self.office.unit_at == "total":
            self._sum(out, self.chance.choice(("Tổng TG", "Toàn bộ quy trình", "Tổng", "Cộng chung")),
                      self.total)  # fmt: skip
        elif self.office.total == "bare":
            self._sum(out, "", self.total)
            out.rows[-1] = ["" if text == "<" else text for text in out.rows[-1]]


def write(office: Office, chosen: list[dict[str, Any]], chance: random.Random) -> tuple[bytes, Any]:
    """Return (Word file, what a reader should find in it)."""
    page = docx.Document()
    page.add_paragraph("QUY TRÌNH NỘI BỘ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH")
    found = []
    if office.around:
        _around(page, chance)
    for k, one in enumerate(chosen, start=1):
        writer = Writer(office, one["steps"], chance)
        _title(page, office, k, one)
        if office.total == "above" or writer.office.levels == "tables":
            said = time_words(writer.total, office.unit, chance)
            page.add_paragraph(f"Thời hạn giải quyết: {said}.")
        if office.unit_at == "line":
            page.add_paragraph(f"(Đơn vị tính: {office.unit})")
        out = writer.written()
        _tables(page, writer.office, writer, out, one)
        if office.total == "below":
            page.add_paragraph(f"Tổng thời gian: {time_words(writer.total, office.unit, chance)}.")
        page.add_paragraph("")
        found.append({"code": one["tthc_code"], "steps": out.wanted})
    if office.around:
        _around(page, chance)
    file = io.BytesIO()
    page.save(file)
    return file.getvalue(), found


def _around(page: Document, chance: random.Random) -> None:
    name, rows = chance.choice(AROUND)
    page.add_paragraph(name)
    grid(page, [list(row) for row in rows])
    page.add_paragraph("")


def _title(page: Document, office: Office, k: int, one: dict[str, Any]) -> None:
    texts = {"k": k, "roman": ROMAN[k - 1], "name": one["name"], "code": one["tthc_code"],
             "name_upper": one["name"].upper()}  # fmt: skip
    if office.title == "KEYS":
        grid(page, [["Tên thủ tục", one["name"]], ["Mã TTHC", one["tthc_code"]]])
    elif office.title != "ROW":
        for line in office.title.format(**texts).split("\n"):
            page.add_paragraph(line)


def _tables(
    page: Document, office: Office, writer: Writer, out: Written, one: dict[str, Any]
) -> None:
    head, width = writer.head(), len(writer.columns)
    numbers = [[f"({at})" for at in range(1, width + 1)]] if office.numbers else []
    top = [[f"Thủ tục: {one['name']} (Mã TTHC: {one['tthc_code']})"] + ["<"] * (width - 1)]
    above = top if office.title == "ROW" else []
    parts = [out.rows]
    if office.cut or office.levels == "tables":
        parts = [out.rows[: out.cuts[0]], out.rows[out.cuts[0] :]]
    last = Written(rows=parts[-1])
    writer.close(last)
    if office.shape == "turned":
        rows = head + last.rows[: len(out.wanted)]
        grid(page, [list(column) for column in zip(*rows, strict=True)])
        return
    if office.shape == "headless":
        grid(page, last.rows)
        return
    place = page.add_table(rows=1, cols=1).rows[0].cells[0] if office.shape == "framed" else page
    if len(parts) > 1 and office.levels == "tables":
        page.add_paragraph("I. Quy trình tại cơ quan tiếp nhận")
    grid(place, above + head + numbers + parts[0])
    for rows in parts[1:]:
        if office.levels == "tables":
            page.add_paragraph("II. Quy trình tại cơ quan cấp trên")
        elif office.cut == "told":
            page.add_paragraph("(tiếp theo)")
        grid(place, (head if office.cut != "bare" or office.levels == "tables" else []) + rows)


def files(count: int, seed: int) -> Iterator[tuple[Office, bytes, Any]]:
    """Yield (shape, Word file, what stands in it)."""
    chance = random.Random(seed)
    pool = procedures(chance)
    for at in range(count):
        office = draw(chance)
        chosen = [pool[(at * 2 + k) % len(pool)] for k in range(chance.randrange(1, 3))]
        by_code = {one["tthc_code"]: one for one in chosen}
        yield office, *write(office, list(by_code.values()), chance)


def main() -> int:
    """Write, read and compare; print the figure and what differs."""
    count, seed = typed(__doc__, files=60, seed=1)
    tally = Tally()
    for at, (office, data, wanted) in enumerate(files(count, seed)):
        before = len(tally.faults)
        compare(data, wanted, f"{at:03d}", tally)
        if len(tally.faults) > before:
            print(f"{at:03d} {office}")
            print("\n".join(tally.faults[before : before + 3]))
    share = tally.equal / tally.steps if tally.steps else 0
    print(
        f"{tally.files} tệp, {tally.equal}/{tally.steps} bước đúng ({share:.1%}); "
        f"{tally.silent} bước sai mà không hỏi"
    )
    return 0 if share >= 0.97 else 1


if __name__ == "__main__":
    sys.exit(main())
