"""Secrets that must be read again, encrypted with the installation's key: a copied database opens nothing."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def lock(secret: str, *, purpose: str) -> str:
    return _cipher(purpose).encrypt(secret.encode()).decode()


def unlock(locked: str, *, purpose: str) -> str | None:
    """None after a change of the key: then it has to be given anew."""
    try:
        return _cipher(purpose).decrypt(locked.encode()).decode()
    except InvalidToken:
        return None


def _cipher(purpose: str) -> Fernet:
    digest = hashlib.sha256(f"hilo.{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
