# The simulator in a container. It listens on all of the container's addresses, so it does not start without SIM_CONTROL_TOKEN (or
# with SIM_CONTROL_PLANE=off); what it keeps, database and secret key, is in /app/var. See docs/operating.md, Containers.
FROM python:3.11-slim-bookworm AS dependencies
WORKDIR /build
COPY requirements.txt .
# requirements.txt holds what the tests need too, below its line "# default tests": a browser's driver has no place here.
# Wheels only, so no compiler either; and an environment without pip, for nothing is installed into it later.
RUN sed '/^# default tests/,$d' requirements.txt > run.txt \
 && python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check --only-binary=:all: -r run.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin simulator \
 && install -d -o simulator /app/var
WORKDIR /app
COPY --from=dependencies /opt/venv /opt/venv
COPY manage.py LICENSE NOTICE ./
COPY singlewindow singlewindow
COPY filings filings
COPY templates templates
COPY docs docs
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
# Static files are served from the packages they come in (whitenoise): nothing to collect.
RUN python -m compileall -q singlewindow filings
USER 10001
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=4)"]
CMD ["python", "manage.py", "serve"]
