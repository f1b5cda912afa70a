"""The Spanish people write by hand (.po) made into what programs read (.mo), without gettext's tools."""

from __future__ import annotations

import logging
import os
from io import BytesIO
from pathlib import Path

log = logging.getLogger(__name__)


def compile_stale_catalogues(root: Path) -> int:
    """Compile every .po under ``root`` that is newer than its .mo; how many there were.

    A folder that may not be written (a package installed by another user) is only reported: the .mo that is
    there goes on serving.
    """
    stale = stale_catalogues(root)
    for source in stale:
        try:
            compile_catalogue(source)
        except OSError:
            log.warning("cannot write %s", source.with_suffix(".mo"))
    return len(stale)


def stale_catalogues(root: Path) -> list[Path]:
    return [source for source in sorted(root.glob("**/LC_MESSAGES/*.po")) if _is_stale(source)]


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def compile_catalogue(source: Path) -> None:
    """Written aside and renamed: two processes may do this at once, and a third may be reading.

    Babel is loaded only when there is something to compile: ``hilo`` starts sooner.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file, locale="es")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    aside = source.with_suffix(f".mo.{os.getpid()}")
    aside.write_bytes(compiled.getvalue())
    aside.replace(source.with_suffix(".mo"))
