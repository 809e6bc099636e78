"""The kit in TypeScript: its types are those of the documents, and it serves a project outside this one."""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
from pathlib import Path

import pytest
from django.test import Client

from swsim import SingleWindow
from swsim.samples import SAMPLES
from swsim.versions import CONTRACT_VERSION
from tests.clientkit.elsewhere import KITS, ROOT, good, run, shown, worlds

KIT = KITS / "typescript"
PLANES = {"business": "/api/v1", "control": "/control/v1"}

pytestmark = pytest.mark.skipif(
    not shutil.which("npm") or not ((KIT / "node_modules").is_dir() or os.environ.get("CI")),
    reason="no npm, or not yet `npm ci --ignore-scripts --prefix singlewindow/clientkit/typescript`",
)

PLANTED = """
import { expect } from "vitest";
import { test } from "swsim/vitest";

test("planted", async ({ world }) => {
  await world.scenario("stuck; at=sent");
  const filing = await (await world.account("cardless").file(world.sample("registration"))).declare();
  await world.advance({ until: "idle" });
  expect((await filing.reload()).status).toBe("approved");
});
"""


def tool(name: str) -> Path:
    return KIT / "node_modules" / ".bin" / name


TELLING = f"""
import {{ CONTRACT_VERSION, sample }} from "swsim";
const samples = {[*SAMPLES]}.map((kind) => [kind, sample(kind)]);
console.log(JSON.stringify([CONTRACT_VERSION, Object.fromEntries(samples)]));
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of somebody else, with the kit installed as it is packed."""
    source, project = tmp_path / "kit", tmp_path / "project"
    shutil.copytree(KIT, source, ignore=shutil.ignore_patterns("node_modules", "dist", "tests"))
    (source / "node_modules").symlink_to(KIT / "node_modules")
    packed = source / good("npm", "pack", "--silent", cwd=source).split()[-1]
    shutil.copytree(KIT / "tests", project)
    (modules := project / "node_modules").mkdir()
    for package in (KIT / "node_modules").iterdir():
        (modules / package.name).symlink_to(package)
    with tarfile.open(packed) as tarball:
        tarball.extractall(modules, filter="data")
    (modules / "package").rename(modules / "swsim")
    (project / "package.json").write_text('{"type": "module", "private": true}')
    return project


@pytest.mark.django_db
def test_the_types_are_those_of_the_documents(client: Client, tmp_path: Path) -> None:
    for plane, root in PLANES.items():
        document, made, kept = tmp_path / "document.json", tmp_path / "made.ts", KIT / "src" / f"{plane}.ts"
        document.write_bytes(client.get(f"{root}/schema").content)
        good(tool("openapi-typescript"), document, "--output", made, cwd=tmp_path)
        if os.environ.get("KEEP"):
            shutil.copy(made, kept)
        assert kept.read_text("utf-8") == made.read_text("utf-8"), "with KEEP=1 this test keeps those of now"


def test_a_suite_of_somebody_else_is_typed_and_passes_but_for_a_planted_fault_that_is_told(
    project: Path, sw: SingleWindow
) -> None:
    (project / "planted.test.ts").write_text(PLANTED, "utf-8")
    (project / "readme.test.ts").write_text(shown(KIT / "README.md", "typescript"), "utf-8")
    good("node_modules/.bin/tsc", "--project", "tsconfig.json", cwd=project)
    there = worlds(sw)
    ended = run("node_modules/.bin/vitest", "run", "--testTimeout=60000", cwd=project, SINGLE_WINDOW_URL=sw.url)
    assert re.search(r"Tests +1 failed \| 19 passed \(20\)", ended.stdout), ended.stdout
    assert re.search(r"filing \w+ \(registration\) is sent; answered by stuck; at=sent \(sandbox\)", ended.stdout)
    assert "/declare -> 200" in ended.stdout
    assert worlds(sw) == there
    told = json.loads(good("node", "--input-type=module", "--eval", TELLING, cwd=project))
    assert told == [CONTRACT_VERSION, dict(SAMPLES)], "contract and samples are those of the kit in Python"


def test_what_others_pin_is_pinned_alike() -> None:
    """One version of each tool in this repository."""
    there, kit = (json.loads((at / "package.json").read_text("utf-8")) for at in (ROOT / "tests/generated", KIT))
    here = kit["dependencies"] | kit["devDependencies"]
    shared = here.keys() & there["devDependencies"].keys()
    assert shared == {"openapi-fetch", "openapi-typescript", "typescript"}
    assert {name: here[name] for name in shared} == {name: there["devDependencies"][name] for name in shared}
