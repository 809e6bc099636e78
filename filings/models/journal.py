"""The journal: every exchange of the business plane, in a database of its own (beside the main one where that is a
file)."""

from __future__ import annotations

from django.db import models

from filings.models.fields import JSONField


class Exchange(models.Model):
    """One request and its answer, secrets masked. `sandbox` is its key: no reference crosses databases."""

    sandbox = models.CharField(max_length=40)
    at = models.DateTimeField()
    at_real = models.DateTimeField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    query = models.CharField(max_length=1000, blank=True)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60, blank=True)
    account = models.CharField(max_length=60, blank=True)
    medium = models.CharField(max_length=10, blank=True)
    filing = models.CharField(max_length=12, blank=True)
    scenario = models.CharField(max_length=200, blank=True)
    fault = models.CharField(max_length=200, blank=True)
    milliseconds = models.FloatField()
    request_id = models.CharField(max_length=64)
    request_headers = JSONField(default=dict)
    request_body = models.TextField(blank=True)
    response_headers = JSONField(default=dict)
    response_body = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["sandbox", "id"], name="exchange_of_sandbox")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"
