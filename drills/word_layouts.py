"""Procedures written anew in Word layouts drawn at random: `python3 dev.py drill word_layouts [FILES] [SEED]`.

The steps, who does them and their times are those of the real decisions (the oracles of the test
data); order and names of the columns, labels, wording of times, headings, totals and merged cells
are drawn from what offices write. Each file is read once and compared with what was written into
it. A fresh seed is a set that no rule has been fitted to.
"""

import io
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import docx
from docx.document import Document
from docx.shared import Pt

from drills._typed import typed
from nep.apps.procedures.rules.word import read_procedures, to_json
from tests.word.measure import data_folder

HEADS: dict[str, tuple[str, ...]] = {
    "label": ("TT", "STT", "Bước", "Số TT", "Thứ tự", "Các bước", "Bước thực hiện", "Stt"),
    "content": (
        "Nội dung công việc", "Nội dung thực hiện", "Trình tự thực hiện", "Hoạt động",
        "Mô tả công việc", "Nội dung các bước", "Trình tự các bước công việc", "Tên công việc",
        "Nội dung công việc thực hiện", "Các bước công việc", "Nội dung xử lý",
    ),
    "responsible": (
        "Trách nhiệm", "Trách nhiệm thực hiện", "Người thực hiện", "Đơn vị thực hiện",
        "Bộ phận thực hiện", "Người/bộ phận thực hiện", "Cán bộ, công chức thực hiện",
        "Đơn vị/cá nhân thực hiện", "Chủ thể thực hiện", "Vị trí thực hiện", "Đơn vị xử lý",
        "Cá nhân, đơn vị chịu trách nhiệm",
    ),
    "time": (
        "Thời gian", "Thời gian thực hiện", "Thời hạn", "Thời gian giải quyết", "Thời gian xử lý",
        "Thời hạn giải quyết", "Thời gian quy định", "Định mức thời gian",
    ),
    "forms": (
        "Biểu mẫu", "Kết quả", "Biểu mẫu/Kết quả", "Sản phẩm", "Kết quả/Sản phẩm", "Hồ sơ",
        "Tài liệu, biểu mẫu", "Kết quả thực hiện", "Ghi chú", "Mẫu biểu",
    ),
}  # fmt: skip
UNIT_HEADS = {
    "ngày làm việc": ("(ngày làm việc)", "(Đơn vị tính: ngày làm việc)", "(số ngày làm việc)"),
    "giờ": ("(giờ)", "(ĐVT: giờ làm việc)", "(giờ làm việc)"),
}
LABELS = ("Bước {n}", "B{n}", "{n}", "{n:02d}", "{n}.", "Bước {n}:", "({n})", "B.{n}", "BƯỚC {n}")
TITLES = (
    "{k}. Thủ tục: {name} (Mã TTHC: {code})",
    "Quy trình số {k}: {name}\nMã số TTHC: {code}",
    "{k}. {name} - Mã thủ tục hành chính: {code}",
    "Tên thủ tục hành chính: {name}\nMã thủ tục: {code}",
    "{roman}. QUY TRÌNH GIẢI QUYẾT THỦ TỤC “{name}” ({code})",
    "{k}. Tên TTHC: {name} ({code}.H99)",
)
TOTALS = (
    "Tổng thời gian", "Tổng cộng", "Tổng thời gian giải quyết TTHC", "Tổng thời gian thực hiện",
    "Tổng số thời gian giải quyết", "Cộng", "Tổng thời hạn giải quyết",
)  # fmt: skip
LIMITS = (
    "Thời hạn giải quyết: {time} kể từ ngày nhận đủ hồ sơ hợp lệ.",
    "Thời gian giải quyết: {time}.",
    "Tổng thời gian thực hiện: {time}, kể từ ngày nhận đủ hồ sơ.",
)
PREFACE = (
    "QUY TRÌNH NỘI BỘ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
    "(Ban hành kèm theo Quyết định của Chủ tịch Ủy ban nhân dân tỉnh)",
)
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
COMPARED = ("order", "responsible", "time_hours", "time_unit")


@dataclass
class Layout:
    """What one file looks like throughout, as an office keeps to one form."""

    columns: tuple[str, ...]
    heads: dict[str, str]
    label: str
    title: str
    total: str
    limit: str
    unit_in_head: bool
    label_in_content: bool
    merges_forms: bool
    section: bool


@dataclass
class Tally:
    """How the files of a run were read."""

    files: int = 0
    steps: int = 0
    equal: int = 0
    silent: int = 0
    faults: list[str] = field(default_factory=list)


def draw(chance: random.Random) -> Layout:
    """Return a layout drawn at random."""
    columns = ["content", "responsible", "time"]
    chance.shuffle(columns)
    if chance.random() < 0.6:  # most offices let the content stand first and the time last
        columns = ["content", "responsible", "time"]
    label_in_content = chance.random() < 0.15
    if not label_in_content:
        columns.insert(0, "label")
    if chance.random() < 0.7:
        columns.insert(chance.choice([len(columns), len(columns), len(columns) - 1]), "forms")
    heads = {name: chance.choice(HEADS[name]) for name in columns}
    if chance.random() < 0.3:
        heads = {name: text.upper() for name, text in heads.items()}
    return Layout(
        columns=tuple(columns), heads=heads, label=chance.choice(LABELS),
        title=chance.choice(TITLES), total=chance.choice((*TOTALS, "")),
        limit=chance.choice((*LIMITS, "", "")), unit_in_head=chance.random() < 0.3,
        label_in_content=label_in_content, merges_forms=chance.random() < 0.25,
        section=chance.random() < 0.2,
    )  # fmt: skip


def number(value: Decimal, chance: random.Random) -> str:
    """Write a number as offices do: 2, 02, 0,5, 1/2."""
    if value == Decimal("0.5") and chance.random() < 0.3:
        return "1/2"
    if value == value.to_integral():
        whole = int(value)
        return f"{whole:02d}" if whole < 10 and chance.random() < 0.6 else str(whole)
    return format(value.normalize(), "f").replace(".", ",")


def time_words(hours: Decimal, unit: str, chance: random.Random) -> str:
    """Write a time of `hours` in its unit."""
    if unit == "giờ":
        return f"{number(hours, chance)} {chance.choice(['giờ', 'giờ', 'giờ làm việc'])}"
    return f"{number(hours / 8, chance)} {unit}"


def procedures(chance: random.Random) -> list[dict[str, Any]]:
    """Return the steps of the real decisions that have plain times and one unit, in random order."""
    found, seen = [], set()
    for path in sorted(data_folder().glob("*.oracle.json")):
        for one in json.loads(path.read_text(encoding="utf-8"))["procedures"]:
            steps = [
                step for step in one["steps"]
                if step["time_hours"] and step["responsible"] and len(step["content"]) > 8
                and not step["content"].lower().startswith(("tổng", "trường hợp"))
            ]  # fmt: skip
            key = tuple((step["content"], step["responsible"]) for step in steps)
            if len(steps) >= 3 and key not in seen and one["tthc_code"]:
                seen.add(key)
                found.append({**one, "steps": steps})
    chance.shuffle(found)
    return found


def write(layout: Layout, chosen: list[dict[str, Any]], chance: random.Random) -> tuple[bytes, Any]:
    """Return (Word file, what a reader should find in it)."""
    page = docx.Document()
    page.styles["Normal"].font.name, page.styles["Normal"].font.size = "Times New Roman", Pt(13)
    for line in PREFACE:
        page.add_paragraph(line)
    wanted = []
    for k, one in enumerate(chosen, start=1):
        texts = {"k": k, "roman": ROMAN[k - 1], "name": one["name"], "code": one["tthc_code"]}
        for line in layout.title.format(**texts).split("\n"):
            page.add_paragraph(line).runs[0].bold = True
        wanted.append(
            {"code": one["tthc_code"], "steps": _table(page, layout, one["steps"], chance)}
        )
        page.add_paragraph("")
    out = io.BytesIO()
    page.save(out)
    return out.getvalue(), wanted


def _table(
    page: Document, layout: Layout, steps: list[dict[str, Any]], chance: random.Random
) -> list[dict[str, Any]]:
    unit = chance.choice(["ngày làm việc", "ngày làm việc", "giờ", "ngày"])
    in_head = layout.unit_in_head and unit in UNIT_HEADS
    hours = [Decimal(str(step["time_hours"])) for step in steps]
    total = time_words(sum(hours, Decimal(0)), unit, chance)
    if layout.limit:
        page.add_paragraph(layout.limit.format(time=total))
    table = page.add_table(rows=1, cols=len(layout.columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, layout.columns, strict=True):
        tail = f" {chance.choice(UNIT_HEADS[unit])}" if name == "time" and in_head else ""
        cell.text = layout.heads[name] + tail
        cell.paragraphs[0].runs[0].bold = True
    wanted = []
    for n, (step, amount) in enumerate(zip(steps, hours, strict=True), start=1):
        if layout.section and n == len(steps) // 2 + 1:
            row = table.add_row().cells
            row[0].merge(row[-1]).text = "II. Tại cơ quan có thẩm quyền quyết định"
        words = time_words(amount, unit, chance)
        values = {
            "label": layout.label.format(n=n),
            "content": step["content"],
            "responsible": step["responsible"],
            "time": words.split(" ")[0] if in_head else words,
            "forms": step["forms"][:80],
        }
        if layout.label_in_content:
            values["content"] = f"Bước {n}: {step['content']}"
        for cell, name in zip(table.add_row().cells, layout.columns, strict=True):
            cell.text = values[name]
        wanted.append(
            {"order": n, "responsible": step["responsible"], "time_hours": float(amount),
             "time_unit": unit}
        )  # fmt: skip
    if layout.merges_forms and "forms" in layout.columns and not layout.section:
        column = layout.columns.index("forms")
        table.cell(1, column).merge(table.cell(len(steps), column))
    if layout.total:
        row = table.add_row().cells
        place = layout.columns.index("time")
        row[0].merge(row[max(place - 1, 0)]).text = (
            layout.total if place else f"{layout.total}: {total}"
        )
        if place:
            row[place].text = total.split(" ")[0] if in_head else total
    return wanted


def compare(data: bytes, wanted: Any, name: str, tally: Tally) -> None:
    """Read one file and count what is equal; a wrong step that nothing asks about is silent."""
    told = to_json(read_procedures(data, file=name))
    tally.files += 1
    read = {one["tthc_code"]: one for one in told["procedures"]}
    asked = {(w["procedure"], w["step"], w["code"] == "unit_ambiguous") for w in told["warnings"]}
    for at, one in enumerate(wanted):
        tally.steps += len(one["steps"])
        found = read.get(one["code"])
        steps = {step["order"]: step for step in found["steps"]} if found else {}
        for step in one["steps"]:
            got = steps.get(step["order"], {})
            differs = [key for key in COMPARED if _plain(got.get(key)) != _plain(step[key])]
            if not differs:
                tally.equal += 1
                continue
            about_unit = set(differs) <= {"time_hours", "time_unit"}
            is_asked = not got or any(
                procedure == at and step_asked in (None, step["order"]) and (not unit or about_unit)
                for procedure, step_asked, unit in asked
            )
            tally.silent += not is_asked
            seen = {key: got.get(key) for key in differs}
            tally.faults.append(
                f"{name} {one['code']} bước {step['order']}: muốn "
                f"{ ({key: step[key] for key in differs}) }, đọc {seen}"
            )


def _plain(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def files(count: int, seed: int) -> Iterator[tuple[Layout, bytes, Any]]:
    """Yield (layout, Word file, what stands in it)."""
    chance = random.Random(seed)
    pool = procedures(chance)
    for at in range(count):
        layout = draw(chance)
        chosen = [pool[(at * 3 + k) % len(pool)] for k in range(chance.randrange(1, 4))]
        by_code = {one["tthc_code"]: one for one in chosen}  # a code stands once in a file
        yield layout, *write(layout, list(by_code.values()), chance)


def main() -> int:
    """Write, read and compare; print the figure and what differs."""
    count, seed = typed(__doc__, files=60, seed=1)
    tally = Tally()
    for at, (layout, data, wanted) in enumerate(files(count, seed)):
        before = len(tally.faults)
        compare(data, wanted, f"{at:03d}", tally)
        if len(tally.faults) > before:
            print(f"{at:03d} {layout}")
    print("\n".join(tally.faults[:60]))
    share = tally.equal / tally.steps if tally.steps else 0
    print(
        f"{tally.files} tệp, {tally.equal}/{tally.steps} bước đúng ({share:.1%}); "
        f"{tally.silent} bước sai mà không hỏi"
    )
    return 0 if share >= 0.95 and not tally.silent else 1


if __name__ == "__main__":
    sys.exit(main())
