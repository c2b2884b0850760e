"""Frozen copies for tests of what happens around them."""

import pytest

from nep.apps.documents.services import _copies


@pytest.fixture
def copies_unprinted(monkeypatch):
    """Have a frozen copy be the file itself, without cover and stamp.

    Each page of a real one is printed, joined and stamped by programs of their own, which takes
    longer than what these tests ask about. `test_publication` and the journeys print them.
    """
    monkeypatch.setattr(_copies, "stamped", lambda document, _stamp, **_how: document)
    monkeypatch.setattr(_copies, "cover_pdf", lambda _cover, **_how: b"")
