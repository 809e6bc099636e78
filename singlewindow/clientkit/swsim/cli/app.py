"""All commands, put together."""

from __future__ import annotations

from typing import Annotated, Any

import typer
import typer.rich_utils

from swsim.cli import levers, listen, setting_up, watching, worlds
from swsim.cli.running import CODES, command
from swsim.versions import __version__
from swsim.words import chinese, say

_CODES = say("Exit codes: ", "退出码：") + say("; ", "；").join(
    f"{code} {say(*words)}" for code, words in CODES.items()
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=say(
        "The simulator of the single window's enterprise qualification module, from the command line.",
        "单一窗口企业资质模拟系统的命令行。",
    ),
    epilog=_CODES,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"swsim {__version__}")
        raise typer.Exit


@app.callback()
def _all(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=say("The version", "版本"))
    ] = False,
) -> None:
    pass


command(app, "up", en="A simulator of one's own, until Ctrl+C", zh="启动自己的模拟系统，直到 Ctrl+C", world=False)(
    setting_up.up
)
app.add_typer(worlds.app, name="world")
command(app, "advance", en="Let a world's time pass", zh="推进沙箱的时钟")(levers.advance)
command(app, "scenario", en="How the authorities answer", zh="情景：主管部门如何答复")(levers.scenario)
command(app, "fault", en="What is to go wrong", zh="故障：让什么出错")(levers.fault)
app.add_typer(levers.checkpoints, name="checkpoint")
command(app, "trigger", en="A filing, in any state", zh="使申请单到任一状态")(levers.trigger)
command(
    app,
    "listen",
    en="A world's webhooks to a local address: over restarts, none lost",
    zh="把沙箱的通知转发到本机地址：重启不丢",
)(listen.listen)
command(app, "journal", en="What clients asked and were answered", zh="业务接口的往来记录")(watching.journal)
command(app, "coverage", en="How much of the simulator a client has met", zh="客户端触及了多少")(watching.coverage)
command(app, "replay", en="Ask again what a failed test asked", zh="重放失败测试的往来", world=False)(watching.replay)
command(app, "doctor", en="Whether all is as it should be, and what to do", zh="检查环境，给出办法")(setting_up.doctor)

if chinese():
    looks: Any = typer.rich_utils
    for name, words in {
        "ARGUMENTS_PANEL_TITLE": "参数",
        "OPTIONS_PANEL_TITLE": "选项",
        "COMMANDS_PANEL_TITLE": "命令",
        "ERRORS_PANEL_TITLE": "错误",
        "ABORTED_TEXT": "已中止。",
        "DEFAULT_STRING": "[缺省： {}]",
        "ENVVAR_STRING": "[环境变量： {}]",
        "REQUIRED_LONG_STRING": "[必填]",
        "RICH_HELP": "用法见 [blue]'{command_path} {help_option}'[/]。",
    }.items():
        if hasattr(looks, name):
            setattr(looks, name, words)
