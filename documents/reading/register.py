"""The register of a group as a table and as JSON, for those who keep it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from documents.models import Document, DocumentLink
from documents.reading.chain import chain_of

COLUMNS: Final = (
    "symbol",
    "as printed",
    "to check",
    "paper",
    "title",
    "kind",
    "state",
    "superseded by",
    "concerns",
    "dated",
    "issued on",
    "registered on",
    "series line",
    "original",
    "distribution",
    "open to all",
    "submitted by",
    "id",
)


def as_rows(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """A row for each state of a paper; days as 2013-09-05, languages as en/es."""
    rows = []
    for paper in as_json(documents):
        of_paper = {
            "paper": paper["symbol"] or "",
            "kind": paper["kind"],
            "registered on": paper["registered_on"] or "",
            "series line": paper["series_line"],
            "original": paper["original"],
            "distribution": paper["distribution"],
            "open to all": "yes" if paper["open_to_all"] else "no",
            "submitted by": paper["submitted_by"] or "",
        }
        for state in paper["texts"]:
            title = state["title"] or paper["title"]
            rows.append(
                of_paper
                | {
                    "symbol": state["symbol"] or "",
                    "as printed": state["as_printed"],
                    "to check": state["review"],
                    "title": title[title["original"]],
                    "state": state["state"],
                    "superseded by": state["superseded_by"] or "",
                    "concerns": state["concerns"],
                    "dated": state["dated"] or "",
                    "issued on": state["issued_on"] or "",
                    "id": state["id"],
                }
            )
    return rows


def as_json(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """Papers with all their texts, and what each says of others among them."""
    documents = list(documents)
    links: dict[Any, list[DocumentLink]] = defaultdict(list)
    known = {one.pk: one for one in documents}
    between = DocumentLink.objects.standing().filter(document__in=known, other__in=known)
    for link in between.order_by("position", "id"):
        links[link.document_id].append(link)
    return [
        {
            "id": str(one.pk),
            "symbol": one.base,
            "title": one.title.to_json(),
            "kind": one.kind,
            "series_line": one.series_line,
            "original": one.original_languages,
            "registered_on": _day(one.registered_on),
            "submitted_by": str(one.delegation or one.area or "") or None,
            "distribution": one.distribution,
            "open_to_all": one.is_public,
            "texts": [_text(link) for link in chain_of(one, list(one.revisions.all()))],
            "links": [
                {"relation": link.relation, "id": str(link.other_id), "symbol": known[link.other_id].base}
                for link in links[one.pk]
            ],
        }
        for one in documents
    ]


def _text(link: Any) -> dict[str, Any]:
    revision = link.revision
    symbol = revision.symbol
    return {
        "id": str(revision.pk),
        "symbol": symbol.canonical,
        "as_printed": symbol.printed,
        "review": symbol.review,
        "title": revision.title.to_json() if revision.title else None,
        "state": "working" if link.standing == "draft" else link.standing,
        "superseded_by": link.superseder.symbol.canonical if link.superseder else None,
        "is_current": link.is_current,
        "concerns": revision.languages,
        "dated": _day(revision.dated),
        "issued_on": _day(revision.issued_on),
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
