"""What `docs/zh/kit.md` shows of the plugin, run by test_cli_page.py."""

import pytest


def test_注册登记通过(world):
    clerk = world.account("cardless")  # 已登录；企业尚未注册登记
    filing = clerk.file(world.sample("registration"))  # 暂存
    filing.declare()  # 申报
    filing.until("approved")  # 推进沙箱的时钟，不等待
    world.verify(method="POST", path="/filings/*/declare", status=200, exactly=1)


@pytest.mark.world(
    situation="not_synced", scenario="reject; reason=address_mismatch", clock="2022-01-05T09:00:00+08:00"
)
def test_另一个场面(world):
    assert world.now.year == 2022


def test_收到通知(world):
    notices = world.webhooks  # 空闲端口上的接收程序，从此时起收到每次状态变化
    filing = world.account("cardless").file(world.sample("registration"))
    filing.declare()
    event = notices.wait_for("filing.approved")  # 签名已验证；时钟只走到这里
    assert event.filing["id"] == filing.id
