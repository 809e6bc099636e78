"""What of the kit is made stands as it would be made anew; and carries what the documents say."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import swsim
from swsim import AsyncBusinessPlane, AsyncControlPlane, BusinessPlane, ControlPlane, models

KIT = Path(__file__).resolve().parents[2] / "singlewindow" / "clientkit"

needs_ruff = pytest.mark.skipif(
    not (find_spec("ruff") or os.environ.get("CI")), reason="no ruff: it is among requirements-dev.txt"
)


@pytest.fixture(scope="module")
def generate() -> Any:
    spec = importlib.util.spec_from_file_location("generate", KIT / "tools" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["generate"] = importlib.util.module_from_spec(spec)  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def documents(generate: Any) -> dict[str, Any]:
    """Both documents, as they are served."""
    return {name: Client().get(f"{root}/schema").json() for name, root in generate.PLANES.items()}


@needs_ruff
def test_what_is_made_is_what_would_be_made_now(generate: Any, documents: dict[str, Any]) -> None:
    """If not: python singlewindow/clientkit/tools/generate.py"""
    made = generate.made(documents)
    stale = [str(file.relative_to(KIT)) for file, source in made.items() if file.read_text("utf-8") != source]
    assert stale == [], "python singlewindow/clientkit/tools/generate.py makes them anew"
    assert sorted(path.name for path in (KIT / "swsim" / "_sync").glob("*.py")) == sorted(
        path.name for path in made if path.parent.name == "_sync"
    )


@pytest.mark.parametrize(
    ("plane", "classes"),
    [
        ("business", (BusinessPlane, AsyncBusinessPlane)),
        ("control", (ControlPlane, AsyncControlPlane)),
    ],
)
def test_every_operation_is_a_method(documents: dict[str, Any], plane: str, classes: tuple[type, type]) -> None:
    operations = {
        operation["operationId"]: operation
        for path in documents[plane]["paths"].values()
        for operation in path.values()
    }
    for made in classes:
        methods = {name for name in vars(made) if not name.startswith("_")} - {"every"}
        assert methods == set(operations)
        for name, operation in operations.items():
            taken = set(inspect.signature(getattr(made, name)).parameters) - {"self", "body", "headers"}
            told = {part["name"].replace("-", "_").lower() for part in operation.get("parameters", ())}
            parts = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data", {})
            assert taken == told | set(parts.get("schema", {}).get("properties", ()))


def test_every_shape_is_a_model(documents: dict[str, Any]) -> None:
    for document in documents.values():
        for name, shape in document["components"]["schemas"].items():
            model = getattr(models, name)
            if "properties" in shape:
                assert model.__annotations__.keys() == shape["properties"].keys()


def test_a_name_that_means_two_things_is_told(generate: Any) -> None:
    def of(kind: str) -> Mapping[str, Any]:
        return {"components": {"schemas": {"Thing": {"type": kind}}}}

    with pytest.raises(ValueError, match="Thing is not the same on both planes"):
        generate.models({"business": of("string"), "control": of("integer")})


def test_the_kit_imports_nothing_of_the_server() -> None:
    for file in (KIT / "swsim").rglob("*.py"):
        for line in file.read_text("utf-8").splitlines():
            assert not line.strip().startswith(("from filings", "import filings", "from singlewindow", "import django"))


def test_what_is_public_is_there_and_described() -> None:
    for name in swsim.__all__:
        found = getattr(swsim, name)
        if inspect.isclass(found) or inspect.isfunction(found):
            assert found.__doc__, name
