"""The `nep` command line: the same services as the pages.

Exit codes: 0 done, 1 refused with reasons, 2 wrong use. `docs/admin/cli.md` describes each command.
Commands are modules of `nep.config.commands`, loaded when asked for, so that those which need no
database start without one.
"""

import argparse
import importlib
import os
import sys

from nep.config.env import BadEnvironment
from nep.kernel.errors import Refusal

COMMANDS = {
    "try": ("look", "chuẩn bị mọi thứ và mở máy chủ để xem thử"),
    "setup": ("setup", "lập cơ quan, giờ làm việc và người quản trị đầu tiên"),
    "migrate": ("migrate", "tạo hoặc nâng cấp cơ sở dữ liệu và dữ liệu tham chiếu"),
    "serve": ("serve", "mở máy chủ web"),
    "worker": ("worker", "chạy việc nền"),
    "demonstrate": ("demonstrate", "dựng tỉnh mẫu"),
    "doctor": ("doctor", "khám hệ thống"),
    "queue": ("queue", "xem, cho thử lại hoặc bỏ việc nền đã thôi thử"),
    "search-rebuild": ("search_rebuild", "dựng lại chỉ mục tìm kiếm"),
    "figures-rebuild": ("figures_rebuild", "đếm lại số liệu điều hành"),
    "backup": ("backup", "sao lưu ra một tệp"),
    "restore": ("restore", "khôi phục từ một tệp sao lưu"),
    "import-procedures": ("import_procedures", "đọc quy trình từ tệp Word"),
    "check-model": ("check_model", "kiểm tra một mô hình BPMN"),
    "verify-pdf": ("verify_pdf", "kiểm tra chữ ký số của một tệp PDF"),
    "evidence-pack": ("evidence_pack", "lập gói bằng chứng của một cơ quan thành tệp ZIP"),
    "deadline": ("deadline", "tính hạn và giải thích cách tính"),
    "import-documents": ("import_documents", "nhập tài liệu từ thư mục hoặc ZIP kèm bảng dữ liệu"),
    "import-tthc": ("import_tthc", "nhập danh mục thủ tục hành chính từ Excel, JSON từng dòng"),
    "import-people": ("import_people", "nhập đơn vị, người và bổ nhiệm từ Excel"),
    "import-cases": ("import_cases", "nhập hồ sơ của hệ thống khác từ CSV, Excel, JSON, XES"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if not arguments or arguments[0] in {"-h", "--help"} or arguments[0] not in COMMANDS:
        _usage()
        sys.exit(0 if arguments and arguments[0] in {"-h", "--help"} else 2)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nep.config.settings")
    try:
        sys.exit(_run(arguments))
    except Refusal as refusal:
        where = f" ({refusal.clause})" if refusal.clause else ""
        print(f"{refusal.message}{where}", file=sys.stderr)
        sys.exit(1)
    except BadEnvironment as fault:
        print(fault, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        if type(error).__name__ != "OperationalError":  # a database that does not answer
            raise
        print(f"Cơ sở dữ liệu không trả lời: {error}".strip(), file=sys.stderr)
        sys.exit(1)


def _run(arguments: list[str]) -> int:
    module = importlib.import_module(f"nep.config.commands.{COMMANDS[arguments[0]][0]}")
    parser = argparse.ArgumentParser(prog=f"nep {arguments[0]}", description=module.__doc__)
    module.add_arguments(parser)
    return module.run(parser.parse_args(arguments[1:])) or 0


def _usage() -> None:
    print("nep LỆNH …\n")
    for name, (_, meaning) in COMMANDS.items():
        print(f"  {name:<18} {meaning}")
    print("\nnep LỆNH --help cho biết các tham số của từng lệnh.")


if __name__ == "__main__":
    main()
