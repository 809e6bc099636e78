"""The application, as a server process loads it."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

from singlewindow.front import Front
from singlewindow.request import Request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "singlewindow.settings")


class Application(WSGIHandler):
    """Django's, with requests of ours."""

    request_class = Request


django.setup(set_prefix=False)
# Once for each request is enough, when it is over; and who does not debug has no statements to forget.
request_started.disconnect(close_old_connections)
if not settings.DEBUG:
    request_started.disconnect(reset_queries)
application = Application()
front = Front(application)
