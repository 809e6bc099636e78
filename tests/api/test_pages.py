"""Cursor pages and filters of every list."""

from itertools import pairwise

import pytest

from filings.models import Filing
from tests.api.client import CONTROL, Answer, Caller, World

NEWEST_FIRST = ("/filings", "/enquiries/overview", "/enquiries/filings", "/tickets")


def walk(caller: Caller, address: str, way: str = "next") -> list[list[str]]:
    """The ids on each page, from an address on."""
    pages = []
    while address:
        answer = caller.get(address).ok(200)
        pages.append([row["id"] for row in answer["results"]])
        address = answer[way]
    return pages


@pytest.fixture
def busy(world: World) -> World:
    """A world whose `cardless` has seven drafts, six receipts and five tickets."""
    for _ in range(7):
        world.draft()
    filing = world.declared()
    world.act(filing, "advance", to="rejected").ok(200)
    world.act(world.declared(), "advance", to="stored").ok(200)
    for desk, topic in (
        ("platform", "status"),
        ("customs", "status"),
        ("customs", "sync"),
        ("customs", "reason"),
        ("platform", "reason"),
    ):
        world.caller().post("/tickets", {"desk": desk, "topic": topic}).ok(201)
    return world


@pytest.mark.parametrize("path", [*NEWEST_FIRST, "/receipts"])
def test_all_rows_come_once_in_their_order_whatever_the_page_size(path: str, busy: World) -> None:
    (whole,) = walk(busy.caller(), path)
    assert len(whole) >= 5
    assert all((one > two) == (path in NEWEST_FIRST) for one, two in pairwise(whole))
    for size in (1, 2, 3, len(whole) - 1, len(whole), 500):
        pages = walk(busy.caller(), f"{path}?limit={size}")
        assert [row for page in pages for row in page] == whole
        assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize("path", [*NEWEST_FIRST, "/receipts"])
def test_previous_leads_back_over_the_same_pages(path: str, busy: World) -> None:
    mine, address = busy.caller(), f"{path}?limit=2"
    forth: list[Answer] = []
    while address:
        forth.append(mine.get(address).ok(200))
        address = forth[-1]["next"]
    assert forth[0]["previous"] is None
    for earlier, later in pairwise(forth):
        back = mine.get(later["previous"]).ok(200)
        assert back["results"] == earlier["results"]
        assert mine.get(back["next"])["results"] == later["results"]


def test_the_page_of_a_filing_has_its_own_pages_of_receipts(busy: World) -> None:
    rejected = busy.caller().get("/filings?status=rejected")["results"][0]["id"]
    pages = walk(busy.caller(), f"/filings/{rejected}/receipts?limit=3")
    assert [len(page) for page in pages] == [3, 1]


def test_pages_stay_as_they_are_while_rows_arrive_at_either_end(busy: World) -> None:
    mine = busy.caller()
    first = mine.get("/filings?limit=3").ok(200)
    second = mine.get(first["next"]).json
    new = busy.draft()
    assert mine.get(first["next"]).json == second
    assert mine.get(second["previous"])["results"] == first["results"]
    ahead = mine.get(mine.get(second["previous"])["previous"]).ok(200)
    assert [row["id"] for row in ahead["results"]] == [new]


def test_a_page_stands_though_the_row_it_was_counted_from_is_gone(busy: World) -> None:
    mine = busy.caller()
    drafts = [row["id"] for row in mine.get("/filings?status=draft")["results"]]
    first = mine.get("/filings?status=draft&limit=3")
    mine.delete(f"/filings/{drafts[2]}").ok(204)
    assert [row["id"] for row in mine.get(first["next"])["results"]] == drafts[3:6]


def test_the_next_page_keeps_the_filter_and_the_size(busy: World) -> None:
    pages = walk(busy.caller(), "/filings?status=draft&limit=3&kind=registration")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {busy.caller().get(f"/filings/{one}")["status"] for page in pages for one in page} == {"draft"}


@pytest.mark.parametrize("path", [*NEWEST_FIRST, "/receipts"])
@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=1.5",
        "limit=１",
        "cursor=x",
        "cursor=",
        "cursor=%00",
        "cursor=after-",
        "cursor=before-1%0A",
        "cursor=beyond-1",
        "page=2",
        "offset=1",
    ],
)
def test_a_query_it_does_not_understand_is_refused(path: str, query: str, world: World) -> None:
    world.caller().get(f"{path}?{query}").refused(400, "unknown_parameter")


def test_fifty_are_given_unless_more_are_asked_for_and_five_hundred_at_most(world: World) -> None:
    first = Filing.objects.get(public_id=world.draft())
    Filing.objects.bulk_create(
        Filing(
            **{
                f.attname: getattr(first, f.attname)
                for f in Filing._meta.fields
                if f.attname not in ("id", "serial", "public_id", "number", "status")
            },
            serial=n,
            public_id=f"F{n:06d}",
            number=f"SIM{n:015d}",
        )
        for n in range(1000, 1550)
    )
    for query, count in (("", 50), ("?limit=500", 500), ("?limit=51", 51)):
        assert len(world.caller().get(f"/filings{query}")["results"]) == count
    numbers = [row for page in walk(world.caller(), "/enquiries/overview?limit=190") for row in page]
    assert len(set(numbers)) == len(numbers) == 551


def test_a_client_finds_its_own_filing_by_its_reference(world: World) -> None:
    mine = world.caller()
    for reference in ("A-1", "A-2", None):
        mine.post("/filings", {"kind": "registration", "client_reference": reference, "content": {}}).ok(201)
    assert [row["client_reference"] for row in mine.get("/filings?client_reference=A-2")["results"]] == ["A-2"]
    assert mine.get("/filings?client_reference=A")["results"] == []
    mine.get("/filings?client_reference=a%00b").refused(400, "unknown_parameter")


def test_the_sandboxes_and_what_is_in_them_are_paged_too(world: World, other_world: World) -> None:
    plane = Caller(CONTROL)
    (whole,) = walk(plane, "/sandboxes?limit=500")
    assert whole[:2] == [other_world.id, world.id]
    assert [row for page in walk(plane, "/sandboxes?limit=1") for row in page] == whole
    drafts = [world.draft() for _ in range(3)]
    assert walk(world.control, "/filings?limit=2") == [drafts[:0:-1], drafts[:1]]
