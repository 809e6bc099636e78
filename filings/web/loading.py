"""Templates as they are served: without the indentation that their source is read by."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem


class Loader(filesystem.Loader):
    """Reads a template with each line break, and the blanks around it, as one line break.

    On a page they mean the same, and a third of a page's bytes would be indentation. A `pre` has its lines begin at
    the margin.
    """

    def get_contents(self, origin: Origin) -> str:
        return re.sub(r"[ \t]*\n[ \t\n]*", "\n", super().get_contents(origin))
