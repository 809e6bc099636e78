#!/usr/bin/env python
"""Django's command line for the simulator."""

import os
import sys
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "singlewindow.settings")
    for stream in (sys.stdout, sys.stderr):
        # Any console will do: where it has no Chinese, a question mark stands for it.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
