"""Nhập hồ sơ của hệ thống khác từ CSV, Excel, JSON hoặc XES; cùng một tệp nhập hai lần không đổi gì."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.cases.services.discovery import log_discovery_draft
from nep.apps.cases.services.fed import Proposal, import_cases, import_proposal
from nep.config.commands.acting import actor_in
from nep.config.commands.reading import read_file
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN

COUNTS = ("cases", "events", "matched", "unmatched", "unchanged")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--agency", required=True, metavar="MÃ")
    parser.add_argument("--tthc", default="", metavar="MÃ", help="mọi dòng thuộc thủ tục này")
    parser.add_argument(
        "--procedure", default="", metavar="MÃ",
        help="mã hoặc trường hợp của quy trình, khi thủ tục có nhiều quy trình đang áp dụng",
    )  # fmt: skip
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE.json",
        help='{"columns": {"case": "Mã hồ sơ"}, "activities": {"Trình ký": "Bước 4"}}; '
        "không có thì lệnh in cách hiểu các cột và các việc",
    )  # fmt: skip
    parser.add_argument(
        "--propose", action="store_true", help="chỉ in cách hiểu các cột và các việc, không ghi gì"
    )
    parser.add_argument(
        "--as-procedure", default="", metavar="TÊN",
        help="nhật ký của quy trình chưa biết: lập bản thảo quy trình dựng từ các việc, không nhập hồ sơ",
    )  # fmt: skip
    parser.add_argument(
        "--as", dest="login", default="", metavar="TÀI KHOẢN", help="ghi thay ai; mặc định một cửa"
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Import and print one tally of all files; 1 when a row was refused."""
    now = datetime.now(VN)
    if options.as_procedure:
        return _draft(options, now)
    actor = actor_in(agency_code=options.agency, login=options.login, role="reception", now=now)
    given = {"actor": actor, "now": now, "tthc_code": options.tthc, "variant": options.procedure}
    files = [(path.name, read_file(path)) for path in options.files]
    mapping = _mapping(options.mapping) if options.mapping else None
    if mapping is None:
        where = sys.stderr if options.json and not options.propose else sys.stdout
        for name, data in files:
            proposal = import_proposal(name=name, data=data, **given)
            _print_proposal(proposal, options.json and options.propose, where)
    if options.propose:
        return 0
    tallies = import_cases(
        files=files,
        named=mapping.columns if mapping else None,
        activities=mapping.activities if mapping else None,
        **given,
    )
    total = _total(tallies)
    if options.json:
        print(json.dumps(total, ensure_ascii=False, indent=1, default=str))
    else:
        for tally in tallies:
            _print(tally)
        if len(tallies) > 1:
            _print({"file": f"{len(tallies)} tệp", **total, "refused": []}, len(total["refused"]))
    return 1 if total["refused"] else 0


def _draft(options: argparse.Namespace, now: datetime) -> int:
    """Draft a procedure from the files and say how much of them it replays."""
    actor = actor_in(agency_code=options.agency, login=options.login, role="iso_secretary", now=now)
    made = log_discovery_draft(
        actor=actor, now=now, name=options.as_procedure,
        files=[(path.name, read_file(path)) for path in options.files],
    )  # fmt: skip
    found = made.found
    facts = {
        "revision_id": made.revision_id, "steps": [step.name for step in found.table.steps],
        "cases": found.cases, "events": found.events, "replayed": found.replayed,
        "coverage": found.coverage, "left_out": list(found.left_out),
    }  # fmt: skip
    if options.json:
        print(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        print(
            f"Đã lập bản thảo {len(found.table.steps)} bước: đề xuất dựng từ {found.events} việc của "
            f"{found.cases} hồ sơ, chạy lại được {found.replayed} hồ sơ ({found.coverage}%). "
            "Bước, vai trò và thời hạn do người soạn quyết định."
        )
        for number, step in enumerate(found.table.steps, start=1):
            print(f"  {number}. {step.name}")
    return 0


@dataclass(frozen=True)
class FileMapping:
    """What a mapping file says: columns (field to head) and activities (words to step)."""

    columns: Mapping[str, str] = field(default_factory=dict)
    activities: Mapping[str, str] = field(default_factory=dict)


def _mapping(path: Path) -> FileMapping:
    try:
        content = json.loads(read_file(path).decode("utf-8-sig"))
        if not isinstance(content.get("columns", content), dict):
            raise ValueError("columns")
        if "columns" in content or "activities" in content:
            return FileMapping(
                _texts(content.get("columns", {})), _texts(content.get("activities", {}))
            )
        return FileMapping(_texts(content))
    except (ValueError, AttributeError) as error:
        raise Refusal("mapping_unreadable", f"Không đọc được bảng ghép cột {path}.") from error


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value or "") for name, value in values.items()}


def _total(tallies: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the tallies added up, a case of several files once; a refused row names its file
    where there are several."""
    total: dict[str, Any] = {name: sum(one[name] for one in tallies) for name in COUNTS}
    total["cases"] -= sum(one["cases_again"] for one in tallies)
    several = len(tallies) > 1
    total["refused"] = [
        {
            "row": one["row"],
            "reason": f"{tally['file']}: {one['reason']}" if several else one["reason"],
        }
        for tally in tallies
        for one in tally["refused"]
    ]
    return total


def _print_proposal(proposal: Proposal, as_json: bool, where: Any) -> None:
    if as_json:
        content = {
            "file": proposal.file, "columns": dict(proposal.columns),
            "activities": {words: meaning for words, _, meaning in proposal.activities},
            "missing": list(proposal.missing),
        }  # fmt: skip
        print(json.dumps(content, ensure_ascii=False, indent=1), file=where)
        return
    print(f"{proposal.file}: cách hiểu các cột", file=where)
    for head, meaning in proposal.columns:
        print(f"  {head or '(không tên)'} → {meaning or 'không dùng'}", file=where)
    for name in proposal.missing:
        print(f"  thiếu: {name}", file=where)
    if proposal.activities:
        print(f"{proposal.file}: cách hiểu các việc", file=where)
    for words, times, meaning in proposal.activities[:200]:
        print(f"  {words} ({times}) → {meaning or 'chưa khớp bước nào'}", file=where)


def _print(tally: dict[str, Any], refused: int | None = None) -> None:
    count = len(tally["refused"]) if refused is None else refused
    print(
        f"{tally['file']}: {tally['cases']} hồ sơ, {tally['events']} dòng, "
        f"{tally['matched']} khớp bước, {tally['unmatched']} chưa khớp, "
        f"{tally['unchanged']} không đổi, {count} bị từ chối"
    )
    for one in tally["refused"][:20]:
        print(f"  dòng {one['row']}: {one['reason']}")
