from __future__ import annotations

from pathlib import Path

FAKE = Path(__file__).with_name("fake_reader.py")
