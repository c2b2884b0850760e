"""Addresses put together from their shapes are those that Django finds."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from nep.foundation.web import paths
from nep.foundation.web.paths import path_of

NUMBERS = (0, 7, 42, 2026, 383_091_428_902_420_691)
WORDS = ("pdf", "a-b", "mười hai %2", "%d", "9007199254740000")


def _names(resolver: URLResolver, space: str = ""):
    """Yield each named address and the kinds of its parts, in their order."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _names(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and one.name:
            kinds = [type(kind).__name__ for kind in one.pattern.converters.values()]
            yield f"{space}{one.name}", kinds


def _both(name: str, given: tuple) -> tuple[str | None, str | None]:
    def tried(find) -> str | None:
        try:
            return find()
        except NoReverseMatch:
            return None

    return tried(lambda: path_of(name, *given)), tried(lambda: reverse(name, args=given))


def test_every_address_of_the_product_reads_as_django_writes_it():
    names = list(_names(get_resolver()))
    assert len(names) > 300
    found = 0
    for name, kinds in names:
        for number in NUMBERS:
            for word in WORDS:
                count = sum(kind == "IntConverter" for kind in kinds)
                numbers = iter([number + place for place in range(count)])
                given = tuple(
                    next(numbers) if kind == "IntConverter" else word for kind in kinds
                )  # fmt: skip
                for _ in range(2):  # found, then remembered
                    ours, theirs = _both(name, given)
                    assert ours == theirs, (name, given)
                found += ours is not None
    assert found > 5000


@pytest.mark.parametrize(
    "given", [(True,), (-3,), (None,), ("",), (1, 2), (1.5,), ("12",), ("12 3",), ()]
)
def test_what_is_no_plain_number_or_word_is_left_to_django(given):
    ours, theirs = _both("cases:case", given)
    assert ours == theirs


def test_words_of_strangers_never_fill_the_memory(monkeypatch):
    monkeypatch.setattr(paths, "MOST_SHAPES", 50)
    monkeypatch.setattr(paths, "_shapes", {})
    for place in range(200):
        assert path_of("cases:case", 3) == reverse("cases:case", args=(3,))
        _both("cases:case", (f"w{place}",))
        assert len(paths._shapes) <= 50


def test_the_tag_keeps_the_words_of_djangos_own():
    def drawn(text: str, **values) -> str:
        return Template(text).render(Context(values))

    case = reverse("cases:case", args=(5,))
    assert drawn('{% url "cases:case" n %}', n=5) == case
    assert drawn('{% url "cases:case" n as a %}[{{ a }}]', n=5) == f"[{case}]"
    assert drawn('{% url "cases:none" n as a %}[{{ a }}]', n=5) == "[]"
    with pytest.raises(NoReverseMatch):
        drawn('{% url "cases:none" n %}', n=5)
