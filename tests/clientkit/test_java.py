"""The kit in Java: one file, compiled as a client's build would, and used by JUnit 5. C# lies beside it, untried."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from swsim import SingleWindow
from tests.clientkit.elsewhere import KITS, good, run, shown, worlds

KIT = KITS / "java"
JARS = Path("/usr/share/java")
NEEDED = (
    "junit-jupiter-api",
    "junit-jupiter-engine",
    "junit-jupiter-params",
    "junit-platform-commons",
    "junit-platform-console",
    "junit-platform-engine",
    "junit-platform-launcher",
    "junit-platform-reporting",
    "opentest4j",
    "apiguardian-api",
    "picocli",
    "univocity-parsers",
)
"""What `apt-get install junit5` brings."""

needs_junit = pytest.mark.skipif(
    not (shutil.which("java") and shutil.which("javac") and (JARS / f"{NEEDED[0]}.jar").exists()),
    reason="no JDK, or no JUnit 5: `apt-get install default-jdk-headless junit5`",
)

IMPORTS = """
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
"""
PLANTED = """
import swsim.SingleWindow;
import swsim.SingleWindow.*;

@ExtendWith(SingleWindow.class)
@InWorld(scenario = "stuck; at=sent")
class PlantedTest {
    @Test
    void planted(World world, Account clerk) {
        Filing filing = clerk.file("registration", world.sample("registration")).declare();
        world.advanceUntil("idle");
        assertEquals("approved", filing.reload().status());
    }
}
"""


@needs_junit
def test_a_suite_of_somebody_else_compiles_and_passes_but_for_a_planted_fault_that_is_told(
    tmp_path: Path, sw: SingleWindow
) -> None:
    (tmp_path / "swsim").mkdir()
    shutil.copy(KIT / "SingleWindow.java", tmp_path / "swsim")
    shutil.copy(KIT / "tests/KitTest.java", tmp_path)
    (tmp_path / "PlantedTest.java").write_text(IMPORTS + PLANTED, "utf-8")
    (tmp_path / "RegistrationTest.java").write_text(IMPORTS + shown(KIT / "README.md", "java"), "utf-8")
    jars = ":".join(str(JARS / f"{name}.jar") for name in NEEDED)
    strict = ("--release", "11", "-encoding", "US-ASCII", "-Xlint:all,-processing,-options,-path", "-Werror")
    suite = ("KitTest", "PlantedTest", "RegistrationTest")
    sources = ("swsim/SingleWindow.java", *(f"{name}.java" for name in suite))
    good("javac", *strict, "-cp", jars, "-d", "out", *sources, cwd=tmp_path)
    console = ("org.junit.platform.console.ConsoleLauncher", "--disable-banner", "--disable-ansi-colors")
    classes = [f"--select-class={name}" for name in suite]
    there = worlds(sw)
    ended = run("java", "-cp", f"out:{jars}", *console, *classes, cwd=tmp_path, SINGLE_WINDOW_URL=sw.url)
    assert re.search(r"\[ +18 tests successful +\]\n\[ +1 tests failed +\]", ended.stdout), ended.stdout
    assert re.search(r"filing \w+ \(registration\) is sent; answered by stuck; at=sent \(sandbox\)", ended.stdout)
    assert "/declare -> 200" in ended.stdout
    assert worlds(sw) == there


def test_it_is_read_alike_under_any_encoding_and_needs_nothing_but_junit() -> None:
    source = (KIT / "SingleWindow.java").read_text("utf-8")
    assert source.isascii()
    imported = re.findall(r"^import (?:static )?([\w.]+);", source, re.MULTILINE)
    assert imported
    assert [name for name in imported if not name.startswith(("java.", "javax.crypto.", "org.junit."))] == []


def test_the_kit_in_c_sharp_says_that_it_is_untried() -> None:
    for file in ("SingleWindow.cs", "README.md"):
        assert "untried" in (KITS / "csharp" / file).read_text("utf-8").lower()
