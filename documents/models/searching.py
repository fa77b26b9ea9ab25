"""What the search looks through: a table made of all others, which can be made again at any time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mandates.models import WorkingGroup


class SearchEntry(models.Model):
    """One wording, in one language, of one thing that can be found.

    It says nothing about who may see the thing: that is asked of the thing itself, in the query that searches.
    The database keeps a full-text index of `title_words` and `text_words` by itself (`documents.searching.tables`).
    """

    kind = models.CharField(max_length=16)  # of `documents.searching.sources`
    thing = models.UUIDField(db_index=True)  # what is found, once however many of its wordings have the words
    part = models.UUIDField()  # the state of a paper; else the thing itself
    edition = models.BigIntegerField(default=0)  # the edition that prints this wording; 0: it is live
    group = models.ForeignKey(WorkingGroup, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    symbol = models.CharField(max_length=200, blank=True, default="")  # its own, or that of its resolution
    title = models.TextField()
    text = models.TextField(blank=True, default="")
    title_words = models.TextField()  # as `documents.searching.words` compares them, with a space between
    text_words = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")
        constraints = [
            models.UniqueConstraint(
                fields=["part", "edition", "language", "kind"],
                name="searchentry_wording_once",
                violation_error_message=_("This wording is in the index already."),
            ),
        ]
        indexes = [models.Index("edition", name="searchentry_edition")]

    def __str__(self) -> str:
        return f"{self.kind} {self.symbol} {self.title[:60]}"
