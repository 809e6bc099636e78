"""Requests as the faces meet them."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """A request whose address and forms are read as UTF-8: one that names another charset is refused
    (`singlewindow.middleware`).

    Django would read both by it as it begins, where what fails is answered by nobody: by `rot13`, or an address of
    very many members.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
