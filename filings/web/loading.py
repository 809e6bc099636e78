"""Templates as they are served: without the indentation that their source is read by."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem


class Loader(filesystem.Loader):
    """Reads a template with each line break, and the blanks around it, as one line break: on a page they mean the same."""

    def get_contents(self, origin: Origin) -> str:
        return re.sub(r"[ \t]*\n[ \t\n]*", "\n", super().get_contents(origin))
