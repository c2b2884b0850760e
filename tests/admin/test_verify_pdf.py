"""`nep verify-pdf` tells what signatures are worth, without a database."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nep.config.cli import main
from nep.foundation.signing import signers
from nep.foundation.signing.preparing import completed, prepare
from nep.foundation.signing.tests import authority

AT = datetime(2026, 12, 10, 2, 30, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def told(*arguments: str) -> tuple[int, str, str]:
    """Run the command with a database that nobody could open."""
    around = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "NEP_DATABASE_URL": "mysql://khong/co"}
    done = subprocess.run(
        [sys.executable, "-m", "nep.config.cli", "verify-pdf", *arguments], env=around,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def code_of(*arguments: str) -> int:
    """Run the command here, in a Python that is loaded already; return the code it leaves with."""
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return left.value.code


def test_the_command_tells_signatures_and_its_exit_code_the_verdict(tmp_path, capsys):
    room = prepare(authority.one_page("x"), name="Hà", reason="", at=AT, look=None)
    key = signers.KeyFile(authority.key_file("Nguyễn Thị Thu Hà"), authority.PASSWORD)
    cms = signers.sign(key, digest=room.digest).cms
    signed = completed(room.data, start=room.start, end=room.end, cms=cms)
    roots = authority.roots_folder(tmp_path / "goc")
    (tmp_path / "a.pdf").write_bytes(signed)
    (tmp_path / "b.pdf").write_bytes(signed.replace(b"(x)", b"(y)"))
    (tmp_path / "c.txt").write_text("không phải PDF")

    code, said, _ = told(str(tmp_path / "a.pdf"), "--roots", str(roots), "--json")
    found = json.loads(said)
    assert (code, found["verdict"]) == (0, "valid")
    assert found["signatures"][0]["signer"] == "Nguyễn Thị Thu Hà"
    assert found["signatures"][0]["whole_file"] is True
    assert code_of("verify-pdf", str(tmp_path / "b.pdf"), "--roots", str(roots)) == 1
    assert "Chữ ký số không hợp lệ" in capsys.readouterr().out
    assert code_of("verify-pdf", str(tmp_path / "c.txt")) == 1
    assert capsys.readouterr().err.strip() == "Tệp này không phải PDF."
