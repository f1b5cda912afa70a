"""Re-create everything vendored under ``hilo/web/base/static`` from the npm packages named below.

    python tools/vendor.py            # fetch with npm, write files, sprite and vendor.lock
    python tools/vendor.py --check    # only compare the files with vendor.lock; no network

Nothing is fetched when Hilo runs: the result is committed. The lock holds name, version, licence and
SHA-256 of each file as shipped (after the source map line is cut, which manifest storage cannot follow).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from hilo.web.base.icons import ICONS  # noqa: E402

STATIC = PROJECT / "hilo/web/base/static"
VENDOR = STATIC / "vendor"
LOCK = VENDOR / "vendor.lock"
SPRITE = STATIC / "hilo/icons.svg"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    files: tuple[tuple[str, str], ...]  # path inside the package, path under vendor/


PACKAGES = (
    Package("@tabler/core", "1.6.1", (("dist/css/tabler.min.css", "tabler.min.css"),)),
    Package("htmx.org", "4.0.1", (("dist/htmx.min.js", "htmx.min.js"),)),
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        (
            ("files/inter-latin-wght-normal.woff2", "inter-latin.woff2"),
            ("files/inter-latin-ext-wght-normal.woff2", "inter-latin-ext.woff2"),
        ),
    ),
)
ICON_PACKAGE = Package("@tabler/icons", "3.51.0", ())
SOURCE_MAP = re.compile(rb"\n?(/\*#|//#) sourceMappingURL=[^\n]*?(\*/)?\s*$")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with vendor.lock, change nothing")
    if parser.parse_args().check:
        return check()
    with tempfile.TemporaryDirectory() as scratch:
        fetch_all(Path(scratch))
    return check()


def check() -> int:
    """Name every vendored file that is missing, changed or not in the lock."""
    wrong = list(differences())
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def differences() -> list[str]:
    locked = {entry["file"]: entry["sha256"] for entry in json.loads(LOCK.read_text("utf-8"))}
    found = {str(p.relative_to(STATIC)): digest(p.read_bytes()) for p in vendored_files()}
    return [
        f"{name}: lock {locked.get(name, 'nothing')}, found {found.get(name, 'nothing')}"
        for name in sorted(locked.keys() | found.keys())
        if locked.get(name) != found.get(name)
    ]


def vendored_files() -> list[Path]:
    return [SPRITE, *(p for p in VENDOR.iterdir() if p != LOCK)]


def fetch_all(scratch: Path) -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    entries = [entry for package in PACKAGES for entry in vendor(package, unpack(package, scratch))]
    icons = unpack(ICON_PACKAGE, scratch)
    SPRITE.write_bytes(sprite(icons / "icons/outline"))
    entries.append(lock_entry(ICON_PACKAGE, icons, SPRITE))
    LOCK.write_text(json.dumps(entries, indent=1) + "\n", "utf-8")


def unpack(package: Package, scratch: Path) -> Path:
    """Download through npm's ordinary client; it checks the registry's integrity hash."""
    spec = f"{package.name}@{package.version}"
    packed = subprocess.run(
        ["npm", "pack", "--silent", spec], cwd=scratch, check=True, capture_output=True, text=True
    )
    target = scratch / package.name.replace("/", "_")
    with tarfile.open(scratch / packed.stdout.split()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def vendor(package: Package, unpacked: Path) -> list[dict[str, str]]:
    entries = []
    for source, name in package.files:
        target = VENDOR / name
        target.write_bytes(SOURCE_MAP.sub(b"\n", (unpacked / source).read_bytes()))
        entries.append(lock_entry(package, unpacked, target))
    return entries


def lock_entry(package: Package, unpacked: Path, file: Path) -> dict[str, str]:
    licence = json.loads((unpacked / "package.json").read_text("utf-8"))["license"]
    return {
        "file": str(file.relative_to(STATIC)),
        "name": package.name,
        "version": package.version,
        "licence": licence,
        "sha256": digest(file.read_bytes()),
    }


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sprite(outline: Path) -> bytes:
    """One file of symbols; colour and stroke width come from the page's CSS."""
    symbols = "\n".join(symbol(name, (outline / f"{name}.svg").read_text("utf-8")) for name in sorted(ICONS))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'.encode()


def symbol(name: str, svg: str) -> str:
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    shapes = " ".join(body.split()).replace("> <", "><").replace(" />", "/>")
    return (
        f'<symbol id="i-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-linecap="round" stroke-linejoin="round">{shapes.strip()}</symbol>'
    )


if __name__ == "__main__":
    raise SystemExit(main())
