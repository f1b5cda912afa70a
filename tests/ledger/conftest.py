from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def digest_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.DIGEST_DIR = tmp_path / "digests"
    return tmp_path / "digests"
