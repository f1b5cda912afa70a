"""What a list page says, read back from its HTML."""

from __future__ import annotations

import re

from django.test import Client


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def heading(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html, re.S)
    assert found is not None
    return found[1].strip()


def titles(html: str) -> list[str]:
    return re.findall(r'<a class="h-strong text-reset k-clamp" href="/casos/[^"]+" title="([^"]*)"', html)
