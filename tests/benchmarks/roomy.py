"""`manage.py` with room for a million filings in a sandbox, which no caller could make one by one: for measuring
alone."""

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    from filings.rules import limits

    limits.MOST_FILINGS = 1_000_000
    runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")
