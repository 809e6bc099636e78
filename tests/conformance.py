"""Both OpenAPI documents held against the running server by Schemathesis. A script, not a test:

    python tests/conformance.py [--seed 1] [-n 100] [--max-time 1800] [--only business|control] [--reports DIR]

All checks, all four phases (examples, coverage, fuzzing, stateful), data that fits the documents and data that does
not. Ends with 0 if nothing failed and at least 95 % of the operations of each plane answered with a 2xx. What a schema
cannot tell is in tests/conforming.py, what is configured in tests/conformance.toml.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402

from tests import conforming, running  # noqa: E402

PLANES = {"business": "/api/v1", "control": "/control/v1"}
WANTED = 0.95
METHODS = ("get", "post", "put", "patch", "delete")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


def begin(plane: str, base: str, folder: Path, given: argparse.Namespace) -> subprocess.Popen[bytes]:
    """Schemathesis at work on a plane, in a sandbox of its own."""
    command = [
        SCHEMATHESIS,
        "--config-file",
        ROOT / "tests/conformance.toml",
        "run",
        f"{base}{PLANES[plane]}/schema",
        "--checks",
        "all",
        "--mode",
        "all",
        "--phases",
        "examples,coverage,fuzzing,stateful",
        "--continue-on-failure",
        "--max-examples",
        given.n,
        "--seed",
        given.seed,
        "--max-response-time",
        "2",
        "--request-timeout",
        "10",
        "--report-junit-path",
        folder / f"{plane}.xml",
    ]
    if given.max_time:
        command += ["--max-time", given.max_time]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        **conforming.furnish(plane, base, folder / f"{plane}.json", given.seed),
    }
    with (folder / f"{plane}.txt").open("wb") as told:
        return subprocess.Popen(
            list(map(str, command)), cwd=folder, env=environment, stdout=told, stderr=subprocess.STDOUT
        )


def read(told: Path) -> dict[str, Counter[str]]:
    """How often each operation answered with each status."""
    return {label: Counter(found) for label, found in json.loads(told.read_text()).items()}


def judge(plane: str, base: str, folder: Path, code: int) -> bool:
    """Tell what came of a plane's run; whether it is as it must be."""
    document = httpx.get(f"{base}{PLANES[plane]}/schema").json()
    operations = {
        f"{method.upper()} {path}" for path, found in document["paths"].items() for method in METHODS if method in found
    }
    answers = read(folder / f"{plane}.json")
    reached = {
        operation for operation in operations if any(status.startswith("2") for status in answers.get(operation, ()))
    }
    print(f"\n== {plane}: {len(operations)} operations, {sum(found.total() for found in answers.values())} calls")
    print(f"reached with a 2xx: {len(reached)} ({len(reached) / len(operations):.0%})")
    for one in sorted(operations - reached):
        print(f"  not reached: {one} {dict(answers.get(one, {}))}")
    print(f"Schemathesis ended with {code}")
    if code:
        print((folder / f"{plane}.txt").read_text())
    return not code and len(reached) >= WANTED * len(operations)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("-n", type=int, default=100, help="examples an operation")
    asked.add_argument("--max-time", type=int, help="seconds of a plane's run")
    asked.add_argument("--only", choices=PLANES)
    asked.add_argument("--reports", type=Path, help="where the reports are to stay")
    given = asked.parse_args()
    folder = given.reports or Path(tempfile.mkdtemp(prefix="conformance-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder, began = folder.resolve(), time.monotonic()
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{Path(tempfile.mkdtemp(prefix='conformance-')) / 'db.sqlite3'}"
    server, base, _ = running.start(folder / "server.txt", DATABASE_URL=url, SIM_WEBHOOK_ALLOW=conforming.NOBODY)
    try:
        runs = {plane: begin(plane, base, folder, given) for plane in PLANES if given.only in (None, plane)}
        codes = {plane: run.wait() for plane, run in runs.items()}
        good = [judge(plane, base, folder, code) for plane, code in codes.items()]
    finally:
        running.stop(server)
    # What the server could not answer for it has written down, whatever it answered.
    traced = (folder / "server.txt").read_text(errors="replace").count("Traceback")
    good.append(not traced)
    print(f"\ntracebacks in the server's log: {traced}")
    print(f"seed {given.seed}, n {given.n}, {time.monotonic() - began:.0f} s, reports in {folder}")
    print("as it must be" if all(good) else "WRONG")
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
