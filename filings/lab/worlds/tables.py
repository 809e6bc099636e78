"""The tables a sandbox's rows stand in, and how all of them go."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from filings.models import Sandbox
from filings.models.sandbox import InSandbox, OfSandbox
from filings.prepared import PreparedDelete


def of_world() -> tuple[type[InSandbox], ...]:
    """Every table of a sandbox's world, in an order in which rows can be planted."""
    return of(InSandbox)


@cache
def of(*bases: Any) -> tuple[Any, ...]:
    """The tables of some sorts, by name, but each after those its rows refer to."""
    known = sorted(apps.get_app_config("filings").get_models(), key=lambda model: model.__name__)
    left = [model for model in known if issubclass(model, bases)]
    ordered: list[Any] = []
    while left:
        for model in left:
            needs = {field.related_model for field in model._meta.fields if field.is_relation} - {Sandbox, model}
            if needs <= set(ordered):
                ordered.append(model)
        left = [model for model in left if model not in ordered]
    return tuple(ordered)


@cache
def columns(model: type[InSandbox]) -> tuple[models.Field[Any, Any], ...]:
    """The columns of a table that a snapshot carries, in their order."""
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key and field.name != "sandbox")


def erase(sandbox: Sandbox, *bases: Any) -> None:
    """Delete every row of a sandbox in the tables of some sorts, one statement each."""
    for model in reversed(of(*bases)):
        _of_sandbox(model).run(sandbox.pk)


@cache
def _of_sandbox(model: type[OfSandbox]) -> PreparedDelete[Any]:
    return PreparedDelete(lambda sandbox: model._base_manager.filter(sandbox=sandbox), 1)
