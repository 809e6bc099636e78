"""What the wheel needs to run, read from requirements.txt as it is built: one list of pins."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

MARK = "# default tests"
"""Below this line stands what the tests need."""


class RunRequirements(MetadataHookInterface):
    """The exact pins above the mark."""

    def update(self, metadata: dict[str, Any]) -> None:
        lines = (Path(self.root) / "requirements.txt").read_text(encoding="utf-8").splitlines()
        above = lines[: lines.index(MARK)]
        metadata["dependencies"] = [line for line in above if line and not line.startswith("#")]
