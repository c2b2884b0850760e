"""Table of the public pages: how often each address looked a code up."""

from django.db import models


class LookupCount(models.Model):
    """Look-ups of one address within one window; `key` holds a digest, not the address itself."""

    key = models.CharField(max_length=64, primary_key=True)
    window_start = models.DateTimeField()
    count = models.IntegerField(default=0)
