"""Where the single window's notices arrive."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from erp.registrar import Registrar


def genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether a notice is signed as agreed (Standard Webhooks), and not an old one."""
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{headers.get('webhook-id')}.{stamp}.".encode() + body, hashlib.sha256).digest()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one, f"v1,{base64.b64encode(signed).decode()}") for one in given)


class Inbox:
    """Listens on a free port while it is entered; each notice goes to the registrar."""

    def __init__(self, registrar: Registrar, secret: str) -> None:
        self.registrar, self.secret = registrar, secret
        self.closed_for = 0
        """How many notices are answered 503 first, as while the ERP is being brought up to date."""
        self.forged = 0
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response_only(inbox.take({name.lower(): told for name, told in self.headers.items()}, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/notices"

    def take(self, headers: dict[str, str], body: bytes) -> int:
        if not genuine(self.secret, headers, body):
            self.forged += 1
            return 401
        if self.closed_for:
            self.closed_for -= 1
            return 503
        self.registrar.take(headers["webhook-id"], json.loads(body))
        return 204

    def __enter__(self) -> Inbox:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
