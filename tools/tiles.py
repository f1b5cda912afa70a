"""Draw the tiles of the thread's strands and put them into hilo.css between its two markers.

    python tools/tiles.py

They are masks (only their shape counts; the colour is a token), repeated along a frayed stretch, so a
strand of any length costs no markup. Vertical for the timeline (``v``), horizontal for lists (``x``).
"""

from __future__ import annotations

import re
import urllib.parse
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "hilo/web/base/static/hilo/hilo.css"
BEGIN, END = "/* tiles: begin (tools/tiles.py) */", "/* tiles: end */"

# name: width, height, shapes. Three strands that come apart, their root, their loose ends, and the loop.
TILES = {
    "v-mid": (
        18,
        40,
        '<path d="M4 .5c-1.8 4 1.7 7 0 10.5M3.3 16c-1.5 4 2 6 .7 10M4.4 31c-1.2 3 .8 5-.2 8'
        "M14 3c1.8 4-1.3 6 .2 10M14.5 19c1.3 3-1.3 5-.5 8M13.8 33c1 2-.4 4 .1 6"
        'M9 6c.8 3-.8 5 0 7M9.2 21c-.8 3 .8 4-.2 7"/>',
    ),
    "v-start": (
        18,
        18,
        '<path d="M9 12v6" stroke-width="3"/><path d="M9 13c0-6-5-6-5-13M9 13c0-6 5-6 5-13M9 13v-9"/>',
    ),
    "v-loose": (18, 18, '<path d="M4 18c0-5-2-8-3-13M9 18c0-5 .8-7 .4-12M14 18c0-6 2-9 3-15"/>'),
    "v-bounce": (
        18,
        26,
        '<path d="M9 0c0 12 6.5 13 6.5 8.5S3 9 3 17s6 4 6 9" stroke-width="2"/>',
    ),
    "x-mid": (
        64,
        14,
        '<path d="M.5 2.5c5 2.5 8-2 14 .5M21 4.5c4-3 9-2 12-3.5M39 1.5c5 .5 8 3 13 2M58 3c2-.8 3-.6 5-.8'
        "M4 7c4 1.5 7-1.5 11 .3M25 7.8c5-1.2 6 .5 9-.6M43 6.4c5 1.6 9 1.4 14 .4"
        'M.5 11.5c4-2 9 2.5 15 0M22 10c5 2.5 7 3 12 2M41 12.5c4-2.5 9-2 13-.5M60 12c1-.3 2-.3 3.5-.4"/>',
    ),
    "x-start": (
        14,
        14,
        '<path d="M0 7h4" stroke-width="3"/><path d="M4 7c5 0 5-4 10-4M4 7c5 0 5 4 10 4M4 7h8"/>',
    ),
    "x-end": (
        14,
        14,
        '<path d="M14 7h-4" stroke-width="3"/><path d="M10 7c-5 0-5-4-10-4M10 7c-5 0-5 4-10 4M10 7H2"/>',
    ),
    "x-loose": (14, 14, '<path d="M0 3c5 0 8-1.5 12-2.5M0 7c4 0 6 .6 9 .3M0 11c6 0 9 1.5 13 2.5"/>'),
    "x-bounce": (
        26,
        14,
        '<path d="M0 7c12 0 13 5.5 8.5 5.5S9 1.5 17 1.5s4 5.5 9 5.5" stroke-width="2"/>',
    ),
}


def main() -> None:
    css = CSS.read_text("utf-8")
    CSS.write_text(with_tiles(css), "utf-8")


def with_tiles(css: str) -> str:
    lines = "\n".join(f"  --h-tile-{name}: {data_uri(*tile)};" for name, tile in TILES.items())
    block = f"{BEGIN}\n:root {{\n{lines}\n}}\n{END}"
    return re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: block, css, count=1, flags=re.DOTALL)


def data_uri(width: int, height: int, shapes: str) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">'
        f'<g fill="none" stroke="#000" stroke-linecap="round" stroke-width="1.6">{shapes}</g></svg>'
    )
    return 'url("data:image/svg+xml,' + urllib.parse.quote(svg, safe=" =:/'(),.;-").replace("%22", "'") + '")'


if __name__ == "__main__":
    main()
