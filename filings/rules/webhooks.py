"""Webhooks by the book: which events there are, when an attempt is made again, how a message is signed, whom it may
reach.

Signatures are those of Standard Webhooks; everything else here is ours.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from filings.rules.events import ARRIVALS
from filings.rules.receivers import LOCALHOST, VARIABLE, listed
from filings.rules.words import Status

EVENTS = tuple(name.value for name, status in ARRIVALS.items() if status is not Status.DRAFT)
"""One for each status a filing can reach."""

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)
"""How long after each failed attempt the next is due, on the sandbox's clock; after the last there is none."""

LONGEST_WAIT = timedelta(days=1)
"""A receiver that asks to be left alone for longer is asked again after this. Ours."""

WAITED_FOR = (429, 503)
"""Answers whose Retry-After is heeded."""

GONE = 410
"""The answer that ends a webhook."""


def next_attempt(tried: int, status: int | None, retry_after: timedelta | None) -> timedelta | None:
    """How long after the `tried`th attempt, which failed, the next one is due; None: there is no other."""
    if tried > len(RETRIES):
        return None
    asked = retry_after if status in WAITED_FOR and retry_after else timedelta()
    return max(RETRIES[tried - 1], min(asked, LONGEST_WAIT))


def retry_after(text: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds, or a date (wall time); None for one that cannot be read."""
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return timedelta(seconds=int(text))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta())
    except (ValueError, TypeError, OverflowError):
        return None


# ── signatures ────────────────────────────────────────────────────────────────────────────────────────────────────


_B64 = "[A-Za-z0-9+/]"
_ONE, _TWO = f"{_B64}[AQgw]==", f"{_B64}{{2}}[AEIMQUYcgkosw048]="
SECRET = f"^whsec_(({_B64}{{4}}){{8,21}}|({_B64}{{4}}){{8,20}}({_ONE}|{_TWO})|({_B64}{{4}}){{21}}{_ONE})$"
"""How a secret is written: base64 of 24 to 64 bytes, padded, with no bits to spare."""


def secret_of(key: bytes) -> str:
    """A signing key as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(key).decode()}"


def secret_fault(secret: str) -> str | None:
    """What is wrong with a secret somebody brings, None where nothing is."""
    prefix, text = secret[:6], secret[6:]
    if prefix != "whsec_":
        return "密钥应以 whsec_ 开头，其后是 24 到 64 字节的 base64"
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        return "whsec_ 之后应为标准 base64（A–Z a–z 0–9 + /，末尾以 = 补齐）"
    if not 24 <= len(key) <= 64:
        return f"密钥应为 24 到 64 字节，这里是 {len(key)} 字节"
    return None if secret_of(key) == secret else "whsec_ 之后的 base64 末尾有多余的位"


def signed(secret: str, message: str, moment: datetime, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks; `moment` is wall time, as receivers hold it against their own clock."""
    timestamp = int(moment.timestamp())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Place:
    """Where a webhook goes, taken apart once: nobody reads the address a second time, and differently."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def literal(self) -> Address | None:
        """The host, where it is an address itself."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @property
    def host_and_port(self) -> str:
        """`host:port`, as SIM_WEBHOOK_ALLOW may list it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """What the Host header says: the port only where it is not the usual one."""
        return (
            self.host_and_port.removesuffix(f":{_PORTS[self.scheme]}")
            if self.port == _PORTS[self.scheme]
            else self.host_and_port
        )


class Unreachable(ValueError):
    """This address is not one a webhook may go to; says why."""


_VISIBLE = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]{1,2000}\Z")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\Z")
_NUMBER_AT_THE_END = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)\Z")
_PORTS = {"http": 80, "https": 443}


def place(url: str) -> Place:
    """Take a URL apart. Raises Unreachable for all but plain http(s) addresses with a host in its one canonical
    spelling."""
    if not _VISIBLE.match(url):
        raise Unreachable("地址含有不可用的字符；非 ASCII 的域名请写作 Punycode")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable("地址格式不正确") from None
    if parts.scheme not in _PORTS:
        raise Unreachable("只能是 http 或 https 地址")
    if "@" in parts.netloc:
        raise Unreachable("地址中不能含有用户名或密码")
    if "#" in url:
        raise Unreachable("地址中不能含有 # 片段")
    if port == 0 or parts.netloc.endswith(":"):
        raise Unreachable("端口不正确")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, _host(parts.netloc), port or _PORTS[parts.scheme], target)


def _host(netloc: str) -> str:
    """The host: a name, four decimal numbers, or IPv6 in brackets. Other spellings of an address are read differently
    by different programs (`2130706433`, `0177.0.0.1`, `127.1`) and are refused."""
    if netloc.startswith("["):
        inside = netloc[1:].partition("]")[0]
        try:
            # A zone (`%eth0`) names an interface of this machine.
            return str(ipaddress.IPv6Address(inside.replace("%", "no zone")))
        except ValueError:
            raise Unreachable("IPv6 地址格式不正确") from None
    host = netloc.rpartition(":")[0] or netloc
    host = host.lower()
    if _NUMBER_AT_THE_END.match(host):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise Unreachable("IPv4 地址应写作四个十进制数") from None
    if len(host) > 253 or not _NAME.match(host):
        raise Unreachable("主机名不正确")
    return host


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(map(ipaddress.ip_network, texts))


OWN = {
    "本机": _networks("127.0.0.0/8", "::1/128"),
    "内网": _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    "运营商共享": _networks("100.64.0.0/10"),
}
"""This machine and its neighbours: reached only where the operator has listed the receiver."""

NEVER = {
    "未指定": _networks("0.0.0.0/8", "::/128"),
    "链路本地": _networks("169.254.0.0/16", "fe80::/10"),
    "云主机元数据": _networks(
        "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::254/128", "fd20:ce::254/128"
    ),
    "组播": _networks("224.0.0.0/4", "ff00::/8"),
    "保留": _networks(
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
    ),
    "IPv4 转换": _networks("2002::/16"),
}
"""Where no webhook goes, listed or not: IANA's special-purpose registries, and what clouds answer to machines on."""

_ROUTED = ipaddress.ip_network("2000::/3")

INNER_NAMES = re.compile(r"[^.]*\Z|(.*\.)?(localhost|local|internal|intranet|lan|home|corp|arpa|test|invalid|onion)\Z")
"""Names that are of a machine, a local network or nobody; `metadata`, `instance-data` and `metadata.google.internal`
among them."""


def expect_reachable(to: Place, address: Address, allowed: Collection[str]) -> None:
    """Raises Unreachable unless a webhook to this place may connect to this address of it; `allowed` is
    SIM_WEBHOOK_ALLOW."""
    for kind, networks in NEVER.items():
        if any(address in network for network in networks):
            raise Unreachable(f"{address} 是{kind}地址")
    own = next((kind for kind, networks in OWN.items() if any(address in network for network in networks)), "")
    if to.host == LOCALHOST and not address.is_loopback:
        raise Unreachable(f"{LOCALHOST} 解析为 {address}，不是本机")
    if own and not listed(allowed, to.host, to.port):
        raise Unreachable(f"{address} 是{own}地址，{to.host_and_port} 未列入 {VARIABLE}")
    if not own and address.version == 6 and address not in _ROUTED:
        raise Unreachable(f"{address} 不是公网地址")


def expect_public_name(to: Place, allowed: Collection[str]) -> None:
    """Raises Unreachable for a name that is not one of the public network, unless the operator has listed it."""
    if to.literal is None and INNER_NAMES.match(to.host) and not listed(allowed, to.host, to.port):
        raise Unreachable(f"{to.host} 不是公网域名，{to.host_and_port} 未列入 {VARIABLE}")
