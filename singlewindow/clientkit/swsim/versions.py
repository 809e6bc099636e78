"""Which kit this is, and for which contract and rules it was made."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from swsim.words import say

if TYPE_CHECKING:
    from swsim import models

__version__ = "0.1.0"

CONTRACT_VERSION = "1.0"
"""major.minor of the contract over HTTP: a minor adds, a major takes away or alters."""

RULES_VERSION = "深圳FAQ-2021"
"""The rules by which the samples declare cleanly."""


class VersionWarning(UserWarning):
    """Kit and simulator are not of one age."""


class DeprecationNotice(FutureWarning):
    """Something of the contract will go away on a date. Shown to everybody, not to developers of the kit alone."""


def difference(answer: models.Version) -> str:
    """What differs between the kit and a simulator, and what to do; "" where nothing does."""
    contract, rules = answer.get("contract_version", ""), answer.get("rules_version", "")
    if contract != CONTRACT_VERSION:
        return say(
            f"The simulator speaks contract {contract or '(none)'}, this kit {CONTRACT_VERSION}:"
            f" {_remedy(contract)[0]}",
            f"模拟系统的接口约定为 {contract or '（没有说明）'}，本工具包为 {CONTRACT_VERSION}：{_remedy(contract)[1]}",
        )
    if rules != RULES_VERSION:
        return say(
            f"The simulator plays by rules {rules}, this kit's samples were made for {RULES_VERSION}:"
            " some may not declare cleanly",
            f"模拟系统的规则版本为 {rules}，本工具包的样例按 {RULES_VERSION} 编写：有的可能不能顺利申报",
        )
    return ""


def _remedy(contract: str) -> tuple[str, str]:
    if _parts(contract) > _parts(CONTRACT_VERSION):
        return "update swsim", "请更新 swsim"
    return "update the simulator, or install an older swsim", "请更新模拟系统，或安装较早的 swsim"


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def warn_of(answer: models.Version) -> None:
    """Warn of a difference, and of everything that is to go away."""
    if words := difference(answer):
        warnings.warn(words, VersionWarning, stacklevel=2)
    for notice in answer.get("deprecations", ()):
        what, since, gone_on, instead = notice["what"], notice["since"], notice["gone_on"], notice["instead"]
        words = say(
            f"{what} is deprecated since {since} and goes on {gone_on}: {instead}",
            f"{what} 自 {since} 起不再推荐，{gone_on} 起取消：{instead}",
        )
        warnings.warn(words, DeprecationNotice, stacklevel=2)
