"""SIM_WEBHOOK_ALLOW: how an entry is written, what it means, and what is said of one that is wrong."""

import pytest

from filings.rules import receivers


@pytest.mark.parametrize(
    ("entry", "host", "port", "right"),
    [
        ("127.0.0.1:9000", "127.0.0.1", 9000, True),
        ("127.0.0.1:9000", "127.0.0.1", 9001, False),
        ("127.0.0.1:*", "127.0.0.1", 1, True),
        ("127.0.0.1:*", "127.0.0.1", 65535, True),
        ("127.0.0.1:*", "127.0.0.2", 80, False),
        ("receiver:9000-9099", "receiver", 9000, True),
        ("receiver:9000-9099", "receiver", 9099, True),
        ("receiver:9000-9099", "receiver", 9100, False),
        ("receiver:9000-9000", "receiver", 9000, True),
        ("localhost:80", "127.0.0.1", 80, True),
        ("localhost:80", "::1", 80, True),
        ("localhost:80", "localhost", 80, True),
        ("127.0.0.1:80", "localhost", 80, True),
        ("[::1]:80", "localhost", 80, True),
        ("127.0.0.1:80", "::1", 80, False),
        ("[0:0:0:0:0:0:0:1]:80", "::1", 80, True),
        ("single_window:8131", "single_window", 8131, True),
        ("host.docker.internal:9000", "host.docker.internal", 9000, True),
        ("10.0.0.7:*", "10.0.0.7", 9, True),
        ("LOCALHOST:80", "127.0.0.1", 80, True),
    ],
)
def test_an_entry_means_these_receivers(entry: str, host: str, port: int, right: bool) -> None:
    assert receivers.read(entry).holds(host, port) is right
    assert receivers.listed([entry], host, port) is right
    assert receivers.listed(["other:1", entry], host, port) is right


def test_an_empty_list_means_nobody() -> None:
    assert not receivers.listed([], "127.0.0.1", 80)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("127.0.0.1", "缺少端口"),
        ("127.0.0.1:", "缺少端口"),
        ("localhost", "缺少端口"),
        ("a:0", "“0”不是 1 到 65535 的端口"),
        ("a:65536", "“65536”"),
        ("a:99999999", "“99999999”"),
        ("a:9099-9000", "“9099-9000”"),
        ("a:1-2-3", "“1-2-3”"),
        ("a:**", "“**”"),
        ("a:http", "“http”"),
        ("a:-1", "“-1”"),
        ("::1:80", "IPv6 地址须加方括号"),
        ("http://a:1", "应为一个主机和一个端口"),
        ("[::g]:1", "“[::g]”不是主机名或地址"),
        ("256.0.0.1:80", "“256.0.0.1”不是主机名或地址"),
        ("127.1:80", "“127.1”不是主机名或地址"),
        (":80", "“”不是主机名或地址"),
        ("*:80", "“*”不是主机名或地址"),
        ("a b:80", "“a b”不是主机名或地址"),
        ("a/b:80", "“a/b”不是主机名或地址"),
        ("user@a:80", "“user@a”不是主机名或地址"),
    ],
)
def test_one_that_is_wrong_is_told_in_a_line_by_name_with_a_right_one(entry: str, why: str) -> None:
    with pytest.raises(ValueError, match="SIM_WEBHOOK_ALLOW") as told:
        receivers.read(entry)
    line = str(told.value)
    assert [part in line for part in (f"“{entry}”", why, "127.0.0.1:9000", "localhost:*")] == [True] * 4
    assert "\n" not in line
