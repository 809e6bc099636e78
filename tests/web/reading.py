"""The source of a page, to be looked into for words."""

from __future__ import annotations

import re

from django.http import HttpResponse


def on_one_line(page: HttpResponse) -> str:
    """A page's source with each run of white space as one blank, as a browser reads it, and none before the end of a
    tag."""
    return re.sub(r"\s+", " ", page.content.decode()).replace(" >", ">")
