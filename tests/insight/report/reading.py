"""An HTML page as a test reads it: strictly, so that what is left open or breaks out is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "input", "col", "link", "img"})


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    texts: list[str] = field(default_factory=list)


class Document(HTMLParser):
    """``elements`` in order; ``texts`` are what a reader sees, without styles and scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"left open: {[each.name for each in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag}: {names}"
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"closed but not open: {tag}"
        assert self._open[-1].name == tag, f"{tag} closes {self._open[-1].name}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)
        if data.strip() and not any(element.name in ("style", "script") for element in self._open):
            self.texts.append(data)

    def named(self, name: str) -> list[Element]:
        return [element for element in self.elements if element.name == name]

    def of_class(self, name: str) -> list[Element]:
        return [each for each in self.elements if name in (each.attributes.get("class") or "").split()]

    def by_id(self, key: str) -> Element | None:
        return next((each for each in self.elements if each.attributes.get("id") == key), None)

    @property
    def visible(self) -> str:
        return " ".join("".join(self.texts).split())


def words(element: Element) -> str:
    return " ".join("".join(element.texts).split())
