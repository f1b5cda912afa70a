from __future__ import annotations

import gzip

from hilo.insight import example
from tools.make_example import made


def test_the_example_is_the_one_that_its_maker_writes() -> None:
    assert gzip.decompress(example.path().read_bytes()) == gzip.decompress(made())
