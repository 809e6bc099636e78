"""The shell's map: which prefix belongs to which face."""

from django.conf import settings
from django.urls import include, path

from singlewindow import errors, health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", include("filings.api.urls")),
    *([path("control/v1/", include("filings.control.urls"))] if settings.SIM_CONTROL_PLANE else []),
    path("learn/", include("filings.training.urls")),
    path("", include("filings.web.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
