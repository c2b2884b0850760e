"""What every test may use: where real material lies, and a data folder of its own."""

import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("NEP_DATA", tempfile.mkdtemp(prefix="nep-test-"))
os.environ.setdefault("NEP_LOG_JSON", "0")

ROOT = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real material nobody here wrote; the test is skipped where it is absent."""
    folder = Path(os.environ.get("NEP_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("không có dữ liệu thật (đặt NEP_TEST_DATA)")
    return folder


@pytest.fixture(autouse=True)
def own_data_folder(settings, tmp_path):
    """Keep each test's stored files in a folder of its own."""
    settings.NEP = _replace(settings.NEP, data_folder=tmp_path)


def _replace(environment, **changes):
    from dataclasses import replace

    return replace(environment, **changes)
