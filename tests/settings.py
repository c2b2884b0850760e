"""The settings of the tests: the product's own, over a data folder of this run alone.

pytest-django reads the settings before any `conftest.py`, so the folder is made here. Without it,
two runs at once would write one test database. The helpers of a parallel run inherit the folder
from the process that started them.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if not os.environ.get("NEP_DATA"):
    os.environ["NEP_DATA"] = tempfile.mkdtemp(prefix="nep-test-")
    atexit.register(shutil.rmtree, os.environ["NEP_DATA"], ignore_errors=True)
os.environ.setdefault("NEP_LOG_JSON", "0")
Path(os.environ["NEP_DATA"], "static").mkdir(parents=True, exist_ok=True)

from nep.config.settings import *  # noqa: E402, F403
