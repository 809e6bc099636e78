import pytest
from tests.api.client import World
def test_x(world: World) -> None:
    f = world.draft()
    world.declare(f).ok()
    world.wait(hours=25)
    a = world.caller().get(f"/filings/{f}").ok()
    assert a["status"] == "approved"
    world.caller().get("/enterprise").ok()
    world.caller().get("/receipts").ok()
