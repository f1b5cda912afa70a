"""A real OpenID Connect provider in a process of its own, and a hand that bends what it answers.

``python tests/support/oidc_provider.py`` prints its port and serves ``oidc-provider-mock``. Around it stands
what that provider leaves out (it holds every client to PKCE) and what a test may ask for with
``PUT /bend``: claims of the id token set or dropped, another key than the published one, no answer at all.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import oidc_provider_mock
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from werkzeug.serving import make_server

type Environ = dict[str, Any]
type Start = Callable[..., Any]


class Bent:
    """WSGI around the provider's own application."""

    def __init__(self) -> None:
        self.inner = oidc_provider_mock.app(require_nonce=True)
        self.shown: RSAPrivateKey = generate_private_key(65537, 2048)
        self.hidden: RSAPrivateKey = generate_private_key(65537, 2048)
        self.bend: dict[str, Any] = {}
        self.challenges: dict[str, str] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/bend":
            self.bend = json.loads(_body(environ))
            return _answer(start, "204 No Content", b"")
        if self.bend.get("down"):
            return _answer(start, "503 Service Unavailable", b"")
        if path == "/jwks":
            return _answer(start, "200 OK", json.dumps({"keys": [self._public()]}).encode())
        if path == "/oauth2/token":
            return self._token(environ, start)
        if path == "/oauth2/authorize":
            return self._authorize(environ, start)
        answer: Iterable[bytes] = self.inner(environ, start)
        return answer

    def _authorize(self, environ: Environ, start: Start) -> Iterable[bytes]:
        asked = parse_qs(environ["QUERY_STRING"])
        if asked.get("code_challenge_method") != ["S256"]:
            return _answer(start, "400 Bad Request", b"no PKCE")
        status, headers, body = self._inside(environ)
        went = parse_qs(urlsplit(dict(headers).get("Location", "")).query)
        if "code" in went:
            self.challenges[went["code"][0]] = asked["code_challenge"][0]
        start(status, headers)
        return [body]

    def _token(self, environ: Environ, start: Start) -> Iterable[bytes]:
        sent = _body(environ)
        given = parse_qs(sent.decode())
        digest = hashlib.sha256(given.get("code_verifier", [""])[0].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if self.challenges.pop(given.get("code", [""])[0], "") != proof:
            return _answer(start, "400 Bad Request", b'{"error": "invalid_grant"}')
        status, _headers, body = self._inside({**environ, "wsgi.input": io.BytesIO(sent)})
        said = json.loads(body)
        if "id_token" in said:
            said["id_token"] = self._signed(said["id_token"])
        return _answer(start, status, json.dumps(said).encode())

    def _signed(self, token: str) -> str:
        claims = jwt.decode(token, options={"verify_signature": False})
        claims |= self.bend.get("claims", {})
        for name, seconds in self.bend.get("times", {}).items():
            claims[name] = int(time.time()) + seconds
        for name in self.bend.get("without", []):
            claims.pop(name, None)
        if self.bend.get("unsigned"):
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "shown"})
        key = self.hidden if self.bend.get("other_key") else self.shown
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": self.bend.get("kid", "shown")})

    def _public(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.shown.public_key()))
        return {**found, "kid": "shown", "use": "sig", "alg": "RS256"}

    def _inside(self, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
        kept: list[Any] = []
        body = b"".join(self.inner(environ, lambda *answer: kept.append(answer)))
        return kept[0][0], kept[0][1], body


def _body(environ: Environ) -> bytes:
    found: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return found


def _answer(start: Start, status: str, body: bytes) -> Iterable[bytes]:
    start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Bent(), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
