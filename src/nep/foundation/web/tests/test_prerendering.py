"""Constant parts of templates are kept; what is drawn stays the same."""

import pytest
from django.template import Context, Engine
from django.template.base import TextNode
from django.utils import translation

from nep.foundation.web.prerendering import KeptNode, keep_constants

SOURCE = (
    '{% load static %}<p>{% translate "Đăng nhập" %} {% icon "bell" "sm" %}'
    '<a href="{% url "accounts:account" %}">{{ name }}</a>{% if name %}<b>{% translate "Đóng" %}</b>'
    "{% icon name %}{% else %}{% comment %}x{% endcomment %}–{% endif %}{% for one in many %}"
    '<i>{% icon "x" %}{{ one }}</i>{% empty %}{% translate "Đóng" as shut %}{{ shut }}{% endfor %}'
    '{% url "work:assignment" name as place %}{{ place }}{% translate name %}</p>'
)
ENGINE = Engine(
    builtins=["nep.foundation.web.templatetags.nep", "django.templatetags.i18n"],
    libraries={"static": "django.templatetags.static"},
)


def drawn(template, **values):
    return template.render(Context(values))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("values", [{"name": "<b>", "many": [1, 2]}, {"name": "", "many": []}])
def test_what_is_drawn_is_the_same_in_each_language(language, values):
    plain, kept = ENGINE.from_string(SOURCE), ENGINE.from_string(SOURCE)
    keep_constants(kept.nodelist)

    with translation.override(language):
        wanted = drawn(plain, **values)
        assert drawn(kept, **values) == wanted == drawn(kept, **values)


def test_one_text_is_kept_for_each_language():
    template = ENGINE.from_string('{% translate "Đăng xuất" %} {% icon "log-out" %}')
    keep_constants(template.nodelist)

    (node,) = template.nodelist
    texts = set()
    for language in ("vi", "en", "vi"):
        with translation.override(language):
            texts.add(drawn(template))
    assert isinstance(node, KeptNode) and len(node.kept) == 2 == len(texts)


def test_what_depends_on_values_or_sets_them_is_not_kept():
    source = (
        '{% translate "Đóng" as a %}{% icon n %}{% url "accounts:account" as b %}{{ a }}{{ b }}'
    )
    template = ENGINE.from_string(source)
    keep_constants(template.nodelist)

    assert not any(isinstance(node, KeptNode | TextNode) for node in template.nodelist)
    assert "/tai-khoan" in drawn(template, n="bell")


def test_the_product_draws_its_pages_from_kept_templates(rf):
    from django.template.loader import get_template

    nodes = get_template("web/page.html").template.nodelist
    assert any(node for node in nodes.get_nodes_by_type(KeptNode))
