"""The application, as a server process loads it."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler

from singlewindow.front import Front
from singlewindow.request import Request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "singlewindow.settings")


class Application(WSGIHandler):
    """Django's, with requests of ours."""

    request_class = Request


django.setup(set_prefix=False)
application = Application()
front = Front(application)
