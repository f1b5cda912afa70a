"""Keeps the catalogues of each package true to its code: ``make messages`` updates, ``--check`` refuses.

One catalogue per package that has its own screens or sentences: a folder with ``apps.py`` (or the command
line) owns every string beneath it, up to the next such folder. Babel reads Python and catalogues; Django's
own lexer reads templates, so no gettext program is needed on the machine.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "hilo"
SAME_IN_SPANISH = PROJECT / "tools" / "same_in_spanish.txt"
WITHOUT_APP = ("hilo/cli", "hilo/insight")

type Keyword = tuple[int | tuple[int, str], ...] | None
type Key = tuple[str, str | None]

FUNCTIONS: dict[str, Keyword] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS: dict[str, Keyword] = {
    "_": None,
    "gettext_noop": None,
    **FUNCTIONS,
    **{f"{name}_lazy": shape for name, shape in FUNCTIONS.items()},
}
HEADER = """\
msgid ""
msgstr ""
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass(frozen=True)
class Found:
    key: Key
    plural: str | None
    where: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", help="folders such as hilo/work; all when none is named")
    parser.add_argument("--check", action="store_true", help="change nothing; fail naming what is wrong")
    parser.add_argument(
        "--tidy", action="store_true", help="also drop translations that no code uses any more"
    )
    options = parser.parse_args()
    named = [(PROJECT / name).resolve() for name in options.packages]
    templates = {folder: template_of(folder) for folder in owners() if not named or folder in named}
    if options.check:
        return report(faults(templates))
    for folder, template in templates.items():
        update(folder, template, keep_unused=not options.tidy)
    return 0


# What the code says ------------------------------------------------------------------------------------


def owners() -> list[Path]:
    folders = [file.parent for file in PACKAGE.glob("**/apps.py")]
    folders += [PROJECT / name for name in WITHOUT_APP if (PROJECT / name).is_dir()]
    return sorted(folders)


def sources_of(folder: Path) -> list[Path]:
    """What the folder owns: not what a package with its own catalogue inside it owns."""
    inner = [other for other in owners() if folder in other.parents]
    files = [*folder.rglob("*.py"), *folder.rglob("templates/**/*.*")]
    return sorted({file for file in files if file.is_file() and not any(o in file.parents for o in inner)})


def orphans() -> list[Path]:
    """Files with strings for people that stand in no package with a catalogue."""
    owned = {file for folder in owners() for file in sources_of(folder)}
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]
    return [file for file in sorted(files) if file not in owned and any(strings_in(file))]


def template_of(folder: Path) -> Catalog:
    catalogue = Catalog(locale="es")
    for file in sources_of(folder):
        for found in strings_in(file):
            name, context = found.key
            catalogue.add(
                (name, found.plural) if found.plural else name,
                context=context,
                locations=[(found.where, 0)],
            )
    return catalogue


def strings_in(file: Path) -> Iterator[Found]:
    where = file.relative_to(PROJECT).as_posix()
    text = file.read_text(encoding="utf-8")
    keywords = KEYWORDS
    if file.suffix == ".py":
        keywords = KEYWORDS | aliases_in(text)
    else:
        text = as_python(text, origin=where)
    for _line, message, _comments, context in extract("python", BytesIO(text.encode()), keywords=keywords):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        if singular:
            yield Found(key=(singular, context), plural=plural, where=where)


def aliases_in(text: str) -> dict[str, Keyword]:
    """``from django.utils.translation import ngettext as n``: n is a keyword in this file."""
    return {
        name.asname: KEYWORDS[name.name]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in KEYWORDS
    }


def as_python(template: str, *, origin: str) -> str:
    """Django blanks out all but the strings; what is left of the indentation would not be Python."""
    blanked: str = templatize(template, origin=origin)
    return "\n".join(line.strip() for line in blanked.splitlines())


# What the catalogues say -------------------------------------------------------------------------------


def path_of(folder: Path) -> Path:
    return folder / "locale" / "es" / "LC_MESSAGES" / "django.po"


def read(folder: Path) -> Catalog:
    path = path_of(folder)
    if not path.exists():
        return Catalog(locale="es")
    with path.open("rb") as file:
        return read_po(file, locale="es")


def key_of(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def messages_of(catalogue: Catalog) -> dict[Key, Message]:
    return {key_of(message): message for message in catalogue if message.id}


def spanish_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def update(folder: Path, template: Catalog, *, keep_unused: bool) -> None:
    """A string that another package already says in Spanish starts with that Spanish."""
    path = path_of(folder)
    catalogue = read(folder)
    if not len(template) and not len(catalogue):
        return
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    elsewhere = {key: message for other in owners() for key, message in messages_of(read(other)).items()}
    for key, message in messages_of(catalogue).items():
        if not any(spanish_of(message)) and key in elsewhere:
            message.string = elsewhere[key].string
    if not keep_unused:
        catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + written(catalogue), encoding="utf-8")
    left = sum(not all(spanish_of(message)) for message in messages_of(catalogue).values())
    print(f"{path.relative_to(PROJECT)}: {len(catalogue)} strings, {left} without Spanish")


def written(catalogue: Catalog) -> str:
    body = BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, sort_by_file=True, include_lineno=False)
    return body.getvalue().decode().strip() + "\n"


# What is wrong -----------------------------------------------------------------------------------------


def faults(templates: dict[Path, Catalog]) -> list[str]:
    found = [
        f"{file.relative_to(PROJECT)}: its strings belong to no package with a catalogue"
        for file in orphans()
    ]
    for folder, template in templates.items():
        where = path_of(folder).relative_to(PROJECT)
        found += [f"{where}: {fault}" for fault in faults_of_package(template, read(folder))]
    return found + contradictions({folder: read(folder) for folder in templates})


def faults_of_package(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    wanted, have = messages_of(template), messages_of(catalogue)
    for key in wanted:
        if key not in have:
            yield f"missing: {shown(key)}"
    for key, message in have.items():
        if key not in wanted:
            yield f"no code says it any more: {shown(key)}"
        elif bool(message.pluralizable) != bool(wanted[key].pluralizable):
            yield f"has a plural in one place only: {shown(key)}"
        else:
            yield from (f"{fault}: {shown(key)}" for fault in faults_of_message(message))
    for message in catalogue.obsolete.values():
        yield f"obsolete: {shown(key_of(message))}"


def shown(key: Key) -> str:
    name, context = key
    return repr(name) + (f" ({context})" if context else "")


def faults_of_message(message: Message) -> Iterator[str]:
    english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    spanish = spanish_of(message)
    if not all(spanish):
        yield "without Spanish"
        return
    if message.fuzzy:
        yield "fuzzy"
    if differ(PLACEHOLDER, english, spanish):
        yield "other placeholders in Spanish"
    if differ(TAG, english, spanish):
        yield "other tags in Spanish"
    if spanish == english and not may_be_the_same(english[0]):
        yield "the Spanish is the English (if it is right, add it to tools/same_in_spanish.txt)"


def differ(pattern: re.Pattern[str], english: tuple[str, ...], spanish: tuple[str, ...]) -> bool:
    """The singular may leave out its number ("one reply"); the last form has all, and none has others."""
    allowed = set(pattern.findall(english[-1])) | set(pattern.findall(english[0]))
    if set(pattern.findall(spanish[-1])) != set(pattern.findall(english[-1])):
        return True
    return any(not set(pattern.findall(form)) <= allowed for form in spanish)


def may_be_the_same(english: str) -> bool:
    words = PLACEHOLDER.sub("", TAG.sub("", english))
    return not re.search(r"[^\W\d_]", words) or english in same_in_spanish()


def same_in_spanish() -> set[str]:
    lines = SAME_IN_SPANISH.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def contradictions(catalogues: dict[Path, Catalog]) -> list[str]:
    """Django looks a string up in all packages: two translations of one string are one too many."""
    said: dict[Key, dict[tuple[str, ...], Path]] = defaultdict(dict)
    for folder, catalogue in catalogues.items():
        for key, message in messages_of(catalogue).items():
            if all(spanish_of(message)):
                said[key].setdefault(spanish_of(message), folder)
    return [
        f"{shown(key)} is said in two ways, {' and '.join(repr(forms[0]) for forms in ways)}, by "
        f"{' and '.join(folder.relative_to(PROJECT).as_posix() for folder in ways.values())}: "
        "choose one, or tell them apart with pgettext"
        for key, ways in said.items()
        if len(ways) > 1
    ]


def report(found: list[str]) -> int:
    for fault in found:
        print(fault)
    print(f"{len(found)} faults in the translations" if found else "every string has its Spanish")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
