"""Word, Excel, PowerPoint and OpenDocument files to PDF by LibreOffice, where it is installed."""

import shutil
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from nep.foundation.printing.fonts import FOLDER
from nep.foundation.printing.office_bounds import Bounds, NotMade, own_folder, run_bounded

KINDS = frozenset({"docx", "xlsx", "pptx", "odt"})
# PDF/A-2b, so that what is published can be archived: ISO 19005-2
_ARCHIVE = '{"SelectPdfVersion":{"type":"long","value":"2"}}'
_FILTERS = {
    "docx": f"pdf:writer_pdf_Export:{_ARCHIVE}",
    "odt": f"pdf:writer_pdf_Export:{_ARCHIVE}",
    "xlsx": f"pdf:calc_pdf_Export:{_ARCHIVE}",
    "pptx": f"pdf:impress_pdf_Export:{_ARCHIVE}",
}
CONVERT = Bounds(seconds=60, memory=1_500_000_000, disk=400_000_000, processes=16)
MISSING = (
    "Máy chủ chưa cài LibreOffice nên chưa dựng được trang in của tệp Word, Excel, PowerPoint. "
    "Bạn vẫn đọc được phần chữ và tải tệp gốc."
)
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/texmf/fonts")
_SANS = ("Carlito", "Liberation Sans", "Arimo", "DejaVu Sans", "Noto Sans", "Arial")
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Misc", "UseLocking", "false"),
)


def office_program() -> str | None:
    """Return the path of LibreOffice on this machine, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def office_pdf(data: bytes, *, kind: str) -> bytes:
    """Return an office file as PDF/A-2b; `kind` is one of KINDS.

    Raises NotMade with `office_missing` where LibreOffice is not installed, or with why not.
    """
    program = office_program()
    if program is None:
        raise NotMade("office_missing", MISSING)
    if kind not in KINDS:
        raise NotMade("office_kind", "Loại tệp này không chuyển được sang PDF.")
    with own_folder() as folder:
        _lay_profile(folder)
        (folder / f"in.{kind}").write_bytes(data)
        run_bounded(
            [
                program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
                f"-env:UserInstallation=file://{folder}/profile", "--convert-to",
                _FILTERS[kind],
                "--outdir", str(folder / "out"), f"in.{kind}",
            ],
            folder=folder,
            bounds=CONVERT,
            environment={"FONTCONFIG_FILE": str(folder / "fonts.conf"), "SAL_USE_VCLPLUGIN": "svp"},
        )  # fmt: skip
        made = folder / "out" / "in.pdf"
        if not made.exists():
            raise NotMade(
                "convert_failed", "Không chuyển được tệp sang PDF: tệp hỏng hoặc dùng định dạng lạ."
            )
        return made.read_bytes()


def missing_office_fonts() -> list[str]:
    """Return what a conversion would lack: a face without serifs that knows Vietnamese.

    Times New Roman is always there: our own Tinos stands in for it. Without any face for Arial or
    Calibri the letters of a PDF come out wrong.
    """
    if office_program() is None or any(_has_face(name) for name in _SANS):
        return []
    return ["Liberation Sans"]


@cache
def _has_face(name: str) -> bool:
    start = name.replace(" ", "")
    return any(
        found.stem.startswith(start)
        for folder in _FONT_FOLDERS
        if Path(folder).is_dir()
        for found in Path(folder).rglob("*.[to]tf")
    )


def _lay_profile(folder: Path) -> None:
    """Write a fresh profile that runs no macro and follows no link, and the list of fonts."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>'
    )
    folders = "".join(f"<dir>{escape(str(one))}</dir>" for one in (FOLDER, *_FONT_FOLDERS))
    (folder / "fonts.conf").write_text(
        f'<?xml version="1.0"?><fontconfig>{folders}<cachedir>{escape(str(folder))}/fc</cachedir>'
        + "".join(
            f'<alias binding="same"><family>{ours}</family><accept><family>{theirs}</family>'
            "</accept></alias>"
            for ours, theirs in (
                ("Times New Roman", "Tinos"), (".VnTime", "Tinos"), ("Times", "Tinos"),
                ("Arial", "Liberation Sans"), ("Calibri", "Carlito"), ("Cambria", "Caladea"),
            )
        )
        + "</fontconfig>"
    )  # fmt: skip
