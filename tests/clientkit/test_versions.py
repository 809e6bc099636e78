"""Kit and simulator tell each other their age; what is to go away is told with its date."""

from __future__ import annotations

import tomllib
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from filings.api import help
from filings.rules.version import CONTRACT_VERSION as SERVED_CONTRACT
from filings.rules.version import RULES_VERSION as SERVED_RULES
from filings.rules.version import VERSION, Deprecation
from swsim import (
    CONTRACT_VERSION,
    RULES_VERSION,
    DeprecationNotice,
    SingleWindow,
    VersionWarning,
    __version__,
    versions,
)
from swsim.serving import Server

KIT = Path(__file__).resolve().parents[2] / "singlewindow" / "clientkit"
SAME = {"version": "0.1.0", "contract_version": CONTRACT_VERSION, "rules_version": RULES_VERSION, "deprecations": []}


def test_the_kit_is_of_the_simulators_age() -> None:
    assert (CONTRACT_VERSION, RULES_VERSION, __version__) == (SERVED_CONTRACT, SERVED_RULES, VERSION)


def test_the_kits_server_is_one_of_its_age() -> None:
    told = tomllib.loads((KIT / "pyproject.toml").read_text("utf-8"))["project"]
    major, minor, _ = VERSION.split(".")
    assert told["optional-dependencies"]["server"] == [
        f"singlewindow-qualification-simulator>={major}.{minor},<{major}.{int(minor) + 1}"
    ]


def test_the_kit_is_under_the_same_licence() -> None:
    assert (KIT / "LICENSE").read_text("utf-8") == (KIT.parents[1] / "LICENSE").read_text("utf-8")


def test_the_version_is_told_to_anybody() -> None:
    told = Client().get("/api/v1/version").json()
    assert told == {
        "version": VERSION,
        "contract_version": SERVED_CONTRACT,
        "rules_version": SERVED_RULES,
        "deprecations": [],
        "simulated": True,
    }


def test_what_goes_away_is_told_with_its_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    going = Deprecation("GET /api/v1/forms", date(2027, 1, 1), date(2027, 7, 1), "GET /api/v1/forms/{kind}")
    monkeypatch.setattr(help, "DEPRECATIONS", (going,))
    assert Client().get("/api/v1/version").json()["deprecations"] == [
        {
            "what": "GET /api/v1/forms",
            "since": "2027-01-01",
            "gone_on": "2027-07-01",
            "instead": "GET /api/v1/forms/{kind}",
        }
    ]


def test_half_a_year_is_given() -> None:
    with pytest.raises(ValueError, match="180 days"):
        Deprecation("Filing.stage", date(2027, 1, 1), date(2027, 6, 1), "status")


def asked(told: dict[str, Any] | str, status: int = 200) -> list[warnings.WarningMessage]:
    """What a client is warned of that comes to a simulator which says this of itself."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/version":
            return httpx.Response(status, text=told) if isinstance(told, str) else httpx.Response(status, json=told)
        return httpx.Response(200, json={"results": []})

    with warnings.catch_warnings(record=True) as caught, SingleWindow(transport=httpx.MockTransport(answer)) as sw:
        warnings.simplefilter("always")
        sw.portal().list_faq()
        sw.portal().list_faq()
    return caught


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"contract_version": "1.7"}, "The simulator speaks contract 1.7, this kit 1.0: update swsim"),
        ({"contract_version": "2.0"}, "The simulator speaks contract 2.0, this kit 1.0: update swsim"),
        ({"contract_version": "0.9"}, "contract 0.9, this kit 1.0: update the simulator, or install an older swsim"),
        ({"contract_version": "1.10"}, "contract 1.10, this kit 1.0: update swsim"),
        (
            {"rules_version": "深圳FAQ-2027"},
            "plays by rules 深圳FAQ-2027, this kit's samples were made for 深圳FAQ-2021",
        ),
    ],
)
def test_a_difference_is_warned_of_once(told: dict[str, str], words: str) -> None:
    caught = asked({**SAME, **told})
    assert [warning.category for warning in caught] == [VersionWarning]
    assert words in str(caught[0].message)


def test_a_simulator_that_does_not_say_is_older() -> None:
    (warning,) = asked({"version": "0.0.9", "rules_version": RULES_VERSION})
    assert "contract (none), this kit 1.0: update the simulator" in str(warning.message)


def test_what_is_to_go_away_is_warned_of() -> None:
    going = {"what": "Filing.stage", "since": "2027-01-01", "gone_on": "2027-07-01", "instead": "status"}
    (warning,) = asked({**SAME, "deprecations": [going]})
    assert warning.category is DeprecationNotice
    assert str(warning.message) == "Filing.stage is deprecated since 2027-01-01 and goes on 2027-07-01: status"


@pytest.mark.parametrize(
    ("told", "status"),
    [("<html>", 200), ("[]", 200), ("no", 404), ('{"a": 1}', 200)],
    ids=["html", "list", "404", "other"],
)
def test_what_is_no_version_is_no_news(told: str, status: int) -> None:
    assert asked(told, status) == []


def test_nobody_is_warned_of_the_simulator_it_was_made_with(server: Server) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with SingleWindow(server.url) as sw:
            assert versions.difference(sw.version()) == ""


def test_warnings_are_in_the_language_of_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWSIM_LANG", "zh")
    (warning,) = asked({**SAME, "contract_version": "1.7"})
    assert str(warning.message) == "模拟系统的接口约定为 1.7，本工具包为 1.0：请更新 swsim"
