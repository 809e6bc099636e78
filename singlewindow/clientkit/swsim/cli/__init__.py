"""`swsim`, the command line: worlds, their clocks and faults, what a client did, and a simulator of one's own."""

from __future__ import annotations

import sys
import warnings


def main() -> None:
    """Run the command the process was started with."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # any console will do
    warnings.showwarning = lambda message, *_, **__: print(f"! {message}", file=sys.stderr)
    from swsim.cli.app import app

    app(prog_name="swsim")
