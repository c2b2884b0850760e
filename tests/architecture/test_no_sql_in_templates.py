"""Templates receive plain values: rendering a page never asks the database."""

import pytest
from django.db import connection
from django.template import engines
from django.template.backends.django import Template

from tests import world
from tests.security.test_canary import crawl

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked_while_rendering(monkeypatch):
    """Collect the statements that were run while a template rendered."""
    asked: list[tuple[str, str]] = []
    render = Template.render

    def watched(self, context=None, request=None):
        def note(execute, sql, params, many, wrapped):
            asked.append((getattr(self.template, "name", "?"), sql[:120]))
            return execute(sql, params, many, wrapped)

        with connection.execute_wrapper(note):
            return render(self, context, request)

    monkeypatch.setattr(Template, "render", watched)
    return asked


def test_no_page_asks_the_database_while_it_renders(asked_while_rendering):
    agency = world.agency_facts(world.WARD)
    world.build(agency)
    for role in ("iso_secretary", "agency_admin", "leader", "reception"):
        pages = crawl(world.signed_in(world.login_with(agency, role)))
        assert len(pages) > 5
        assert (role, asked_while_rendering) == (role, [])


def test_the_watch_sees_a_statement(asked_while_rendering):
    class Lazy:
        def __str__(self) -> str:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return "x"

    engines["django"].from_string("{{ lazy }}").render({"lazy": Lazy()})
    assert len(asked_while_rendering) == 1
