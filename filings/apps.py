"""The one app: rules, models, desk, authorities, faces."""

from importlib.metadata import PackageNotFoundError, version

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured

from singlewindow import lean


class FilingsConfig(AppConfig):
    name = "filings"
    verbose_name = "企业资质模拟系统"

    def ready(self) -> None:
        refuse_old_fsm()
        lean.load_rest_framework()


def refuse_old_fsm() -> None:
    """Two distributions own one import name: which of them is imported would be chance."""
    try:
        version("django-fsm")
    except PackageNotFoundError:
        return
    raise ImproperlyConfigured(
        "django-fsm is installed beside django-fsm-2 and owns the same import name: pip uninstall django-fsm, then "
        "reinstall django-fsm-2"
    )
