"""Parts of templates that never change are drawn once and kept.

A page's frame is mostly words, icons and fixed addresses. After a template is compiled, runs of
such nodes become one node that keeps its text by language and address prefix. Templates stay as
they are written; in debug mode nothing is kept.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.template.base import FilterExpression, Node, NodeList, Template, TextNode
from django.template.context import Context
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Tag = TypeVar("Tag", bound=Callable[..., Any])
_constant_tags: set[Callable[..., Any]] = set()


def constant_tag(tag: Tag) -> Tag:
    """Mark a simple tag whose text follows from its arguments alone."""
    _constant_tags.add(tag)
    return tag


class KeptNode(Node):
    """A run of nodes whose text depends on the language and the addresses alone."""

    child_nodelists = ()

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return the text, drawn at the first time it is asked for."""
        key = _key(context)
        text = self.kept.get(key)
        if text is None:
            text = SafeString("".join(str(node.render_annotated(context)) for node in self.nodes))
            self.kept[key] = text
        return text


def _key(context: Context) -> tuple[Any, ...]:
    """Return what kept text depends on; it is asked for once while a page is drawn."""
    known = getattr(context.render_context, "nep_key", None)
    if known is None or known[3] != context.autoescape:
        known = (get_language(), get_urlconf(), get_script_prefix(), context.autoescape)
        context.render_context.nep_key = known  # type: ignore[attr-defined]
    return known


class _Keeping(base.Loader):
    """Prepares each template once, between compiling and keeping it."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not self.engine.debug:
            keep_constants(template.nodelist)
        return template


class Loader(cached.Loader, _Keeping):
    """Django's cached loader, over templates whose constant parts are kept."""


def keep_constants(nodes: NodeList) -> None:
    """Put one node in place of each run of constant ones, inside every block too."""
    for node in nodes:
        for inner in _inside(node):
            keep_constants(inner)
    found: list[Node] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and is_constant(node):
            run.append(node)
            continue
        if run:
            is_plain = len(run) == 1 and isinstance(run[0], TextNode)
            found.append(run[0] if is_plain else KeptNode(run))
            run = []
        if node is not None:
            found.append(node)
    nodes[:] = found


def _inside(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            yield nodes


def is_constant(node: Node) -> bool:
    """Say whether a node draws the same text whatever the page's values are."""
    kind = type(node)
    if kind in {TextNode, CommentNode, LoadNode}:
        return True
    if kind is TranslateNode:
        return not node.asvar and not node.message_context and _is_fixed(node.filter_expression)
    if issubclass(kind, URLNode):
        return not (node.asvar or node.args or node.kwargs) and _is_fixed(node.view_name)
    if kind is StaticNode:
        return node.varname is None and _is_fixed(node.path)
    if kind is SimpleNode:
        values = [*node.args, *node.kwargs.values()]
        is_pure = node.func in _constant_tags and node.target_var is None
        return is_pure and all(_is_fixed(value) for value in values)
    return False


def _is_fixed(value: FilterExpression) -> bool:
    """Say whether an argument is written out in the template."""
    return not value.filters and (not value.is_var or value.var.lookups is None)
