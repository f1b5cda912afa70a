"""XML read into a small tree that trusts nobody: no document type, no entities, no excess."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from hilo.work.template_rules import FaultyTemplate

LONGEST_FILE = 5_000_000
MOST_ELEMENTS = 50_000
DEEPEST = 60


@dataclass(slots=True)
class Element:
    """``tag`` without its namespace; attributes that have a namespace are left out."""

    namespace: str
    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, namespace: str, *tags: str) -> list[Element]:
        """Children with one of these tags, or any tag."""
        found = [each for each in self.children if each.namespace == namespace]
        return [each for each in found if each.tag in tags] if tags else found


def read_tree(content: bytes) -> Element:
    if len(content) > LONGEST_FILE:
        raise _refusal(_("The file is larger than a process can be. Export that process alone."))
    builder = _Builder()
    try:
        builder.parser.Parse(content, True)
    except expat.ExpatError as error:
        told = {"line": error.lineno, "problem": expat.ErrorString(error.code)}
        raise _refusal(_("Line %(line)s cannot be read as XML: %(problem)s.") % told) from None
    except (LookupError, ValueError):  # an encoding that nobody knows
        raise _refusal(_("The file is no XML that can be read. Export it again as UTF-8.")) from None
    assert builder.root is not None
    return builder.root


def _refusal(sentence: str) -> FaultyTemplate:
    return FaultyTemplate([sentence], field="file")


class _Builder:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._hostile
        self.parser.EntityDeclHandler = self._hostile
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise _refusal(_("The file has more in it than a process can have. Export that process alone."))
        namespace, _space, tag = name.rpartition(" ")
        plain = {key: value for key, value in attributes.items() if " " not in key}
        element = Element(namespace, tag, plain, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _hostile(self, *_facts: object) -> None:
        told = {"line": self.parser.CurrentLineNumber}
        sentence = _("Line %(line)s declares a document type or entities, which no process needs.")
        raise _refusal(sentence % told)
