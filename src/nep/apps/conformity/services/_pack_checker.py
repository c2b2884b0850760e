#!/usr/bin/env python3
"""Kiểm tra một gói bằng chứng của Nếp mà không cần máy chủ.

Chạy trong thư mục đã giải nén:  python3 kiem_tra.py
hoặc kiểm tra thẳng tệp nén:     python3 kiem_tra.py goi-bang-chung.zip

Chỉ dùng thư viện có sẵn của Python. Kết thúc bằng 0 khi mọi tệp còn nguyên, 1 khi có tệp thiếu, bị sửa
hoặc lạ, 2 khi không đọc được gói. Dòng KHÔNG KÈM nói điều gì vốn không có tệp trong gói, và vì sao.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

MANIFEST = "manifest.json"


class Folder:
    """A pack that was taken apart."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> set[str]:
        """Return the paths of all files."""
        return {
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return (self.root / name).read_bytes()


class Archive:
    """A pack that is still one file."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)

    def names(self) -> set[str]:
        """Return the paths of all files."""
        return {one.filename for one in self.archive.infolist() if not one.is_dir()}

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self.archive.read(name)


def examine(pack: Folder | Archive) -> tuple[dict, list[str], list[str], list[str]]:
    """Return (manifest, missing, changed, unknown) of a pack."""
    told = json.loads(pack.read(MANIFEST).decode("utf-8"))
    present, missing, changed, known = pack.names(), [], [], {MANIFEST}
    for one in told["files"]:
        path = one["path"]
        known.add(path)
        if path not in present:
            missing.append(path)
            continue
        try:
            whole = hashlib.sha256(pack.read(path)).hexdigest() == one["sha256"]
        except (OSError, zipfile.BadZipFile):
            whole = False
        if not whole:
            changed.append(path)
    return told, sorted(missing), sorted(changed), sorted(present - known)


def main(arguments: list[str]) -> int:
    """Check a pack and say what is wrong with it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        pack = Folder(given) if given.is_dir() else Archive(given)
        told, missing, changed, unknown = examine(pack)
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"Không đọc được gói “{given}”: {error}\n")
        return 2
    said = [
        f"Gói bằng chứng của {told['agency']} ({told['code']}), năm {told['year']}, "
        f"lập lúc {told['made_at']} bởi {told['made_by']}."
    ]
    said += [f"THIẾU      {path}" for path in missing]
    said += [f"BỊ SỬA     {path}" for path in changed]
    said += [f"TỆP LẠ     {path}" for path in unknown]
    if missing or changed or unknown:
        said.append(
            f"KHÔNG NGUYÊN VẸN: {len(missing)} tệp thiếu, {len(changed)} tệp bị sửa, "
            f"{len(unknown)} tệp lạ, trong {len(told['files'])} tệp."
        )
    else:
        said.append(f"NGUYÊN VẸN: {len(told['files'])} tệp đúng như khi lập.")
    said += [
        f"KHÔNG KÈM  {one['title']} ({one['why']})"
        for point in told.get("points", ())
        for one in point.get("left_out", ())
    ]
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if missing or changed or unknown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
