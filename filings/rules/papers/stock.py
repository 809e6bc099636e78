"""What made-up clients are made of: names, places, trades. The places are Shenzhen's, the roads in them are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

SURNAMES = "陈林黄周吴郑梁许何罗谢邓曾彭蔡潘袁董余苏叶吕魏蒋田杜姜范方石"
GIVEN_NAMES = (
    "砚秋", "知舟", "书禾", "望川", "景行", "若溪", "怀瑾", "听澜", "予安", "云舒", "牧野", "清和",
    "思源", "嘉树", "疏影", "照临", "致远", "明徽", "一苇", "晚晴", "修竹", "行简", "南乔", "北辰",
)  # fmt: skip

RARE, BEYOND_BMP = "㛃", "𬱖"
"""U+36C3, which GBK has not, and U+2CC56, which UTF-16 writes with two halves: both stand in people's names."""

FIRST = {"澄": "CHENG", "岭": "LING", "沐": "MU", "砚": "YAN", "榕": "RONG", "汀": "TING", "屿": "YU", "煦": "XU",
         "翎": "LING", "朔": "SHUO", "珩": "HENG", "皓": "HAO", "瑭": "TANG", "岚": "LAN", "昱": "YU", "霁": "JI"}  # fmt: skip
SECOND = {"川": "CHUAN", "禾": "HE", "桥": "QIAO", "野": "YE", "原": "YUAN", "峰": "FENG", "舟": "ZHOU", "林": "LIN",
          "泽": "ZE", "庭": "TING", "远": "YUAN", "星": "XING", "石": "SHI", "和": "HE", "安": "AN", "湾": "WAN"}  # fmt: skip
"""The characters of trade names, with their pinyin."""

TRAINING = "演练"
"""Stands in the name of every made-up enterprise, and of every road and building."""


class Trade(NamedTuple):
    """What a firm does: the part of its name, in English too; its 行业种类 (GB/T 4754); its 经营范围."""

    name: str
    english: str
    industry: str
    industry_name: str
    scope: str


TRADES = (
    Trade(
        "国际贸易", "INTERNATIONAL TRADE", "5199", "其他未列明批发业",
        "一般经营项目是：货物进出口；技术进出口；国内贸易代理；日用百货销售。许可经营项目是：无。",
    ),
    Trade(
        "进出口", "IMPORT & EXPORT", "5181", "贸易代理",
        "一般经营项目是：货物进出口；进出口代理；贸易经纪；销售代理；供应链管理服务。许可经营项目是：食品销售。",
    ),
    Trade(
        "电子", "ELECTRONICS", "5179", "其他机械设备及电子产品批发",
        "一般经营项目是：电子元器件批发；集成电路销售；计算机软硬件及辅助设备批发；货物进出口；技术进出口。",
    ),
    Trade(
        "纺织品", "TEXTILE", "5131", "纺织品、针织品及原料批发",
        "一般经营项目是：针纺织品及原料销售；服装辅料销售；鞋帽批发；货物进出口（不含危险化学品）。",
    ),
)  # fmt: skip
BROKERAGE = Trade(
    "报关",
    "CUSTOMS BROKERAGE",
    "5829",
    "其他运输代理业",
    "一般经营项目是：报关业务；报检业务；国内货物运输代理；国际货物运输代理；装卸搬运。",
)


class Place(NamedTuple):
    """A street of a district: its code, its name in both languages, and how the name of a branch has it; `qianhai` for
    one of the 前海蛇口自贸片区 outside the zones that customs fences in."""

    district: str
    name: str
    english: str
    short: str
    short_english: str
    postcode: str
    qianhai: bool = False


PLACES = (
    Place("440303", "罗湖区桂园街道", "Guiyuan Subdistrict, Luohu District", "罗湖", "LUOHU", "518001"),
    Place("440304", "福田区莲花街道", "Lianhua Subdistrict, Futian District", "福田", "FUTIAN", "518048"),
    Place("440304", "福田区香蜜湖街道", "Xiangmihu Subdistrict, Futian District", "福田", "FUTIAN", "518040"),
    Place("440305", "南山区粤海街道", "Yuehai Subdistrict, Nanshan District", "南山", "NANSHAN", "518057"),
    Place("440306", "宝安区新安街道", "Xin'an Subdistrict, Bao'an District", "宝安", "BAOAN", "518101"),
    Place("440307", "龙岗区龙城街道", "Longcheng Subdistrict, Longgang District", "龙岗", "LONGGANG", "518172"),
    Place("440308", "盐田区海山街道", "Haishan Subdistrict, Yantian District", "盐田", "YANTIAN", "518081"),
    Place("440309", "龙华区民治街道", "Minzhi Subdistrict, Longhua District", "龙华", "LONGHUA", "518131"),
    Place("440310", "坪山区坪山街道", "Pingshan Subdistrict, Pingshan District", "坪山", "PINGSHAN", "518118"),
    Place("440311", "光明区光明街道", "Guangming Subdistrict, Guangming District", "光明", "GUANGMING", "518107"),
    Place(
        "440305", "南山区前海深港合作区南山街道", "Qianhai Shenzhen-Hong Kong Cooperation Zone, Nanshan District",
        "前海", "QIANHAI", "518054", True,
    ),
    Place(
        "440305", "南山区前海深港合作区招商街道", "Zhaoshang, Qianhai Cooperation Zone, Nanshan District",
        "前海", "QIANHAI", "518067", True,
    ),
)  # fmt: skip

QIANHAI, ELSEWHERE = "qianhai", "elsewhere"


def places(where: str) -> Sequence[Place]:
    """Those of a district by its code, those of `qianhai`, those `elsewhere`; all for "". Raises ValueError where there
    are none."""
    if not where:
        return PLACES
    found = [
        place
        for place in PLACES
        if where == (QIANHAI if place.qianhai else ELSEWHERE) or (where == place.district and not place.qianhai)
    ]
    if not found:
        raise ValueError(f"no place of the stock is in “{where}”")
    return found


ROADS = {
    "演练一路": "Yanlian 1st Road",
    "演练三路": "Yanlian 3rd Road",
    "演练大道": "Yanlian Avenue",
    "演练北街": "Yanlian North Street",
}
BUILDINGS = {"演练大厦": "Yanlian Building", "演练中心": "Yanlian Centre", "演练商务广场": "Yanlian Business Plaza"}
