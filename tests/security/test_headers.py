"""Strict headers on every page, and no request to the outside."""

import html
import json
import re

import pytest

from tests import world
from tests.standing import kept

pytestmark = pytest.mark.django_db
PAGES = ["/dang-nhap/", "/tra-cuu/", "/khong-co/"]


def build_ward() -> int:
    """Build a ward without procedures; return its id."""
    return world.build(world.agency_facts(world.WARD), procedures=False)


ward = kept(build_ward)


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_strict_headers(ward, client, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_pages_name_no_outside_address(ward, client, path):
    text = client.get(path).content.decode()
    outside = re.findall(r"""(?:src|href|action)=["'](?:https?:)?//[^"']+""", text)
    assert outside == []


@pytest.mark.parametrize("path", [*PAGES, "/healthz"])
def test_a_name_that_is_not_served_is_refused_in_words(ward, client, path):
    answer = client.get(path, headers={"host": "xau.example", "referer": "https://xau.example/"})
    assert answer.status_code == 400
    assert "NEP_HOSTS" in answer.content.decode()
    assert "xau.example" not in answer.content.decode()


def test_a_name_that_is_not_served_is_a_warning_of_one_line(ward, client, caplog):
    client.get("/dang-nhap/", headers={"host": "xau.example"})
    (told,) = [one for one in caplog.records if one.name.endswith("DisallowedHost")]
    assert (told.levelname, told.exc_info) == ("WARNING", None)
    assert "xau.example" in told.getMessage()


def test_htmx_writes_no_style_which_the_policy_would_refuse(ward, client):
    text = client.get("/dang-nhap/").content.decode()
    told = re.search(r"""<meta name="htmx-config" content='([^']+)'""", text)
    config = json.loads(html.unescape(told.group(1) if told else "{}"))

    assert config["includeIndicatorStyles"] is False
    assert "style" not in config["attributesToSettle"]  # a popover keeps its place in one
