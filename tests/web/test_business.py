"""代理授权, 补录 and the login by signature as requests and answers."""

from collections.abc import Callable

import pytest
from django.test import Client

from filings.counters import card_keys
from filings.lab.worlds import cast, worlds
from filings.models import Backfill, Challenge, Event, Mandate, Sandbox
from filings.record.trail import AGAIN
from tests.api.client import signature
from tests.web.pages import Page


@pytest.fixture
def enter(enter: Callable[..., Client]) -> Callable[..., Client]:
    """A client logged in as a role."""

    def as_role(role: str = "card", medium: str = "token") -> Client:
        return enter(role, medium)

    return as_role


@pytest.mark.faq("1.7")
class TestMandates:
    def test_one_is_given_seen_by_both_and_revoked_after_asking(self, enter: Callable[..., Client]) -> None:
        principal, agent = enter("card"), enter("agent")
        reply = principal.post("/mandates", {"agent": cast.AGENT.uscc.lower(), "valid_to": "２０２１-１２-31"})
        assert (reply.status_code, reply["Location"]) == (303, "/mandates")
        told = Page(principal.get("/mandates"))
        assert "已给予代理授权" in told
        assert "2021-12-31" in told
        assert cast.CARD.uscc in Page(agent.get("/mandates"))
        assert cast.CARD.uscc in Page(agent.get("/"))

        mandate = Mandate.objects.get(principal__uscc=cast.CARD.uscc)
        asked = Page(principal.get(f"/mandates/{mandate.public_id}/revoke"))
        assert f"确定撤销代理授权 {mandate.public_id} 吗？" in asked
        assert Mandate.objects.get(pk=mandate.pk).revoked_at is None
        assert principal.post(f"/mandates/{mandate.public_id}/revoke")["Location"] == "/mandates"
        assert "已撤销" in Page(principal.get("/mandates"))
        assert cast.CARD.uscc not in agent.get("/").content.decode()

    @pytest.mark.parametrize(
        ("given", "status", "words"),
        [
            ({}, 422, "必填，没有给出"),
            ({"agent": cast.CARD.uscc}, 422, "为本企业申报请选择“自理”"),
            ({"agent": "91440399MAMK99999X"}, 404, "单一窗口没有该统一社会信用代码的企业用户"),
            ({"agent": cast.AGENT.uscc, "valid_to": "31/12/2021"}, 422, "应为 YYYY-MM-DD 格式的日期"),
            ({"agent": cast.AGENT.uscc, "valid_to": "2021年底"}, 422, "应为 YYYY-MM-DD 格式的日期"),
            ({"agent": cast.AGENT.uscc, "valid_to": "2021-11-30"}, 422, "有效期不能早于今天"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_box_and_nothing_is_lost(
        self, enter: Callable[..., Client], given: dict[str, str], status: int, words: str
    ) -> None:
        before = Mandate.objects.count()
        reply = enter().post("/mandates", given)
        told = Page(reply)
        assert reply.status_code == status
        assert told.text.count(words) == 2, told
        for typed in given.values():
            assert typed in told.values
        assert Mandate.objects.count() == before

    def test_the_same_again_is_told(self, enter: Callable[..., Client]) -> None:
        client = enter("cardless")
        reply = client.post("/mandates", {"agent": cast.AGENT.uscc})
        assert reply.status_code == 409
        assert "已给予该企业有效的代理授权" in Page(reply)
        assert Event.objects.filter(name="refused", data__code="mandate_exists").exists()

    def test_the_same_again_and_again_fills_no_trail(self, enter: Callable[..., Client]) -> None:
        client = enter("cardless")
        for _ in range(10):
            assert client.post("/mandates", {"agent": cast.AGENT.uscc}).status_code == 409
        assert Event.objects.filter(name="refused", data__code="mandate_exists").count() == AGAIN

    def test_it_is_nobody_else_s(self, enter: Callable[..., Client]) -> None:
        mandate = Mandate.objects.get()
        for ask in (Client.get, Client.post):
            assert ask(enter("card"), f"/mandates/{mandate.public_id}/revoke").status_code == 404
        assert Mandate.objects.get().revoked_at is None

    @pytest.mark.faq("2.3")
    def test_a_personal_user_has_none(self, enter: Callable[..., Client]) -> None:
        for page in ("/mandates", "/enterprise/backfill"):
            assert "当前用户不是企业用户，无法操作" in Page(enter("personal").get(page))


@pytest.mark.faq("1.1")
class TestBackfill:
    def page(self, client: Client) -> Page:
        return Page(client.get("/enterprise/backfill"))

    def test_who_held_both_before_is_told_no_and_shown_no_form(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        worlds.enter(sandbox, "backfill_both_before")
        told = self.page(enter())
        assert "不需要" in told.texts("b")
        assert told.text.count("2017-03-01") == 2
        assert "提交补录" not in told.source
        reply = enter().post("/enterprise/backfill", {"number": "1"})
        assert reply.status_code == 409
        assert "该企业不需要补录企业备案信息" in Page(reply)
        assert not Backfill.objects.exists()

    @pytest.mark.parametrize("situation", ["backfill_only_customs", "backfill_second_on_20180801"])
    def test_who_held_one_supplies_the_other_once(
        self, enter: Callable[..., Client], sandbox: Sandbox, situation: str
    ) -> None:
        worlds.enter(sandbox, situation)
        client = enter()
        told = self.page(client)
        assert "需要补录报检资质的备案信息" in told
        assert "推定" in told
        reply = client.post("/enterprise/backfill", {"number": "1" * 21, "remarks": "<b>不可丢失</b>"})
        assert reply.status_code == 422
        assert "原备案或登记证号：最多 20 个字" in Page(reply)
        assert Page(reply).value("remarks") == "<b>不可丢失</b>"
        client.post("/enterprise/backfill", {"number": "4700600002"})
        assert (Backfill.objects.get().number, Backfill.objects.get().qualification) == ("4700600002", "inspection")
        told = self.page(client)
        assert "已补录" in told.texts("b")
        assert "提交补录" not in told.source

    def test_who_is_not_registered_is_shown_the_way(self, enter: Callable[..., Client]) -> None:
        told = self.page(enter("cardless"))
        assert "企业尚未注册登记" in told
        assert told.link("办理注册登记申请") == "/filings/new?kind=registration"


@pytest.mark.faq("1.5")
class TestSignature:
    CARD = "SIMC00000002"

    def ask(self, client: Client, sandbox: Sandbox, **more: str) -> Page:
        given = {"sandbox": sandbox.key, "medium": "card", "proof": "signature", "card_no": self.CARD, **more}
        self.reply = client.post("/login", given)
        return Page(self.reply)

    def test_a_random_text_is_signed_once(self, client: Client, sandbox: Sandbox) -> None:
        told = self.ask(client, sandbox)
        random = Challenge.objects.get().random
        assert told.find("[data-random]").text == random
        assert "openssl dgst -sha256 -sign" in told
        key = card_keys.of_card(sandbox, self.CARD).private_key
        right = {"random": random, "signature": signature(key, random)}
        assert "签名既不是 DER，也不是 64 字节的 r‖s" in self.ask(client, sandbox, random=random, signature="AAAA")
        assert "签名不正确，或随机数已失效" in self.ask(
            client, sandbox, random=random, signature=signature(key, "0" * 64)
        )
        assert Page(self.reply).find("[data-random]").text == random
        self.ask(client, sandbox, **right)
        assert self.reply.status_code == 303
        assert "卡介质登录" in Page(client.get("/"))
        self.ask(Client(), sandbox, **right)
        assert self.reply.status_code == 401

    def test_another_random_text_is_to_be_had(self, client: Client, sandbox: Sandbox) -> None:
        self.ask(client, sandbox)
        first = Challenge.objects.get().random
        told = self.ask(client, sandbox, random=first, do="another")
        assert Challenge.objects.exclude(random=first).get().random in told

    def test_an_unknown_card_is_asked_like_any_other(self, client: Client, sandbox: Sandbox) -> None:
        told = self.ask(client, sandbox, card_no="SIMC99999999")
        assert told.has("[data-random]")
        assert Challenge.objects.get(sandbox=sandbox).card is None

    def test_an_unplugged_reader_is_told_and_no_time_for_it(self, client: Client, sandbox: Sandbox) -> None:
        worlds.enter(sandbox, "card_reader_unplugged")
        by_pin = {"sandbox": sandbox.key, "medium": "card", "card_no": self.CARD, "pin": cast.PIN}
        reply = client.post("/login", by_pin)
        assert (reply.status_code, "Retry-After" in reply) == (503, False)
        assert "打开读卡器失败" in Page(reply)
        assert "请检查读卡器连接后重试" in Page(reply)
