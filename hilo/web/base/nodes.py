"""Django's own tags, which work out again on every page what is the same on every page.

They behave as Django's; ``{% load hilo %}`` puts them in the place of those of ``i18n`` and ``static``.
"""

from __future__ import annotations

from typing import Any

from django.template import Context, Library, Node
from django.template.base import FilterExpression, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as url_of_django
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from hilo.web.base.markup import address, static_address


def put_in_place_of_djangos(register: Library) -> None:
    register.tag("translate", translate)
    register.tag("url", url)
    register.tag("static", KeptStaticNode.handle_token)


class KeptTranslation(Node):
    """``{% translate "a literal" %}``: looked up once in each language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.node, self.asvar = node, node.asvar
        node.asvar = None
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = self.node.render(context)
        if not self.asvar:
            return said
        context[self.asvar] = said
        return ""


def translate(parser: Parser, token: Token) -> Node:
    node = do_translate(parser, token)
    is_plain = node.message_context is None and is_literal(node.filter_expression)
    return KeptTranslation(node) if is_plain else node


def is_literal(expression: FilterExpression) -> bool:
    var: Any = expression.var
    return not expression.filters and (isinstance(var, str) or getattr(var, "literal", None) is not None)


class KeptUrlNode(URLNode):
    """Hilo has each namespace once, so an address depends on its name and arguments alone."""

    def render(self, context: Context) -> str:
        if self.kwargs:
            return super().render(context)
        try:
            url = address(self.view_name.resolve(context), *[each.resolve(context) for each in self.args])
        except NoReverseMatch:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = url
            return ""
        return conditional_escape(url) if context.autoescape else url


def url(parser: Parser, token: Token) -> Node:
    node = url_of_django(parser, token)
    return KeptUrlNode(node.view_name, node.args, node.kwargs, node.asvar)


class KeptStaticNode(StaticNode):
    @classmethod
    def handle_simple(cls, path: str) -> str:
        return static_address(path)


class KeptNode(Node):
    """A tag of nothing but literals, which draws the same for everybody."""

    child_nodelists = ()

    def __init__(self, node: Node) -> None:
        self.node = node
        self.drawn: str | None = None

    def render(self, context: Context) -> str:
        if self.drawn is None:
            self.drawn = self.node.render(context)
        return self.drawn


def keep_literal(register: Library, name: str) -> None:
    """Draw a simple tag only once wherever it stands with literals alone."""
    drawn_anew = register.tags[name]

    def compiled(parser: Parser, token: Token) -> Node:
        node = drawn_anew(parser, token)
        given = [*node.args, *node.kwargs.values()]
        return KeptNode(node) if node.target_var is None and all(map(is_literal, given)) else node

    register.tag(name, compiled)
