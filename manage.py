#!/usr/bin/env python
"""Django's command line for the simulator."""

import os
import sys
from importlib import import_module
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from singlewindow import lean


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "singlewindow.settings")
    # Any console will do: where it has no Chinese, a question mark stands for it; and none, as of a service.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - while the process lives
        getattr(sys, name).reconfigure(errors="replace")
    try:
        with lean.loading():
            import_module(os.environ["DJANGO_SETTINGS_MODULE"])
            django.setup()
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
