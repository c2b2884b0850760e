"""The one table of the pages: what a form key has already answered."""

from django.db import models


class Submission(models.Model):
    """The first answer to a form's key; a repeated post is answered from it."""

    key = models.CharField(max_length=64, primary_key=True)
    user_id = models.BigIntegerField(null=True)
    path = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="web_submission_age")]
