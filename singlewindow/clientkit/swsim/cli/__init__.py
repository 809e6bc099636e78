"""`swsim`, the command line: worlds, their clocks and faults, what a client did, and a simulator of one's own."""

from __future__ import annotations

import signal
import sys
import warnings


def main() -> None:
    """Run the command the process was started with."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # any console will do
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end is as good as Ctrl+C
    warnings.showwarning = lambda message, *_, **__: print(f"! {message}", file=sys.stderr)
    from swsim.cli.app import app

    app(prog_name="swsim")
