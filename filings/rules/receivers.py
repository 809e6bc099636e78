"""SIM_WEBHOOK_ALLOW: the receivers of webhooks that may be reached though they are not on the public network.

Read by the settings before anything else is there, so it stands on the standard library alone.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

VARIABLE = "SIM_WEBHOOK_ALLOW"
HOW = "请写作“主机:端口”，端口可以是 * 或一段（9000-9099），例如 127.0.0.1:9000、localhost:*、[::1]:9000-9099；多个以逗号分隔"

LOCALHOST = "localhost"
_ALIKE = {
    LOCALHOST: frozenset({LOCALHOST, "127.0.0.1", "::1"}),
    "127.0.0.1": frozenset({LOCALHOST, "127.0.0.1"}),
    "::1": frozenset({LOCALHOST, "::1"}),
}
"""Names of this machine that mean one another."""

_ENTRY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*):(?P<ports>[^:]*)\Z")
_PORTS = re.compile(r"(?P<first>[0-9]{1,5})(?:-(?P<last>[0-9]{1,5}))?\Z")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\Z")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of the list: which hosts it means, and which of their ports."""

    hosts: frozenset[str]
    ports: range

    def holds(self, host: str, port: int) -> bool:
        """Whether a receiver is among those meant; an IPv6 host without its brackets."""
        return host in self.hosts and port in self.ports


@lru_cache(1_000)
def read(entry: str) -> Listed:
    """An entry as it is written. Raises ValueError that says in one line what is wrong with it, and how it is right."""
    found = _ENTRY.match(entry)
    if found is None:
        raise _wrong(entry, "缺少端口" if ":" not in entry else "应为一个主机和一个端口，IPv6 地址须加方括号")
    host = _host(found["host"].lower())
    if not host:
        raise _wrong(entry, f"“{found['host']}”不是主机名或地址")
    ports = _ports(found["ports"])
    if not ports:
        raise _wrong(
            entry, f"“{found['ports']}”不是 1 到 65535 的端口，也不是由小到大的一段" if found["ports"] else "缺少端口"
        )
    return Listed(_ALIKE.get(host, frozenset({host})), ports)


def listed(entries: Iterable[str], host: str, port: int) -> bool:
    """Whether a receiver is on the list."""
    return any(read(entry).holds(host, port) for entry in entries)


def _wrong(entry: str, why: str) -> ValueError:
    return ValueError(f"{VARIABLE} 中的“{entry}”不正确：{why}。{HOW}。")


def _host(text: str) -> str:
    """A host in its one spelling, "" for what is none."""
    try:
        if text.startswith("["):
            return str(ipaddress.IPv6Address(text[1:-1]))
        if re.search(r"(\A|\.)[0-9]+\Z", text):
            return str(ipaddress.IPv4Address(text))
    except ValueError:
        return ""
    return text if len(text) <= 253 and _NAME.match(text) else ""


def _ports(text: str) -> range:
    """Ports, none for what are no ports."""
    if text == "*":
        return range(1, 65536)
    found = _PORTS.match(text)
    if found is None:
        return range(0)
    first, last = int(found["first"]), int(found["last"] or found["first"])
    return range(first, last + 1) if 1 <= first <= last <= 65535 else range(0)
