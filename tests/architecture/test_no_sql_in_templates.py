"""Templates receive plain values: rendering a page never asks the database.

`tests/security/test_canary.py` reads the pages of every role under this watch.
"""

import pytest
from django.db import connection
from django.template import engines

pytestmark = pytest.mark.django_db


def test_the_watch_sees_a_statement(asked_while_rendering):
    class Lazy:
        def __str__(self) -> str:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return "x"

    engines["django"].from_string("{{ lazy }}").render({"lazy": Lazy()})
    assert len(asked_while_rendering) == 1
