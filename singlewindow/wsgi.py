"""The application, as a server process loads it."""

import os

from django.core.wsgi import get_wsgi_application

from singlewindow.front import Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "singlewindow.settings")

application = get_wsgi_application()
front = Front(application)
