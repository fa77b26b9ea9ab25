"""Files that are asked for, beside the sealed ones."""

from django.db import models


class Rendering(models.Model):
    """A file that was asked for, found by a digest of all that goes into it; made outside the request where long.

    No record of anybody's work: rows may be removed at any time, and are made again when asked for.
    """

    key = models.CharField(primary_key=True, max_length=64)
    inputs = models.JSONField()
    wanted_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    page = models.PositiveIntegerField(default=0)  # the one being laid out
    problem = models.TextField(blank=True)
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["wanted_at", "key"]

    def __str__(self) -> str:
        return self.key
