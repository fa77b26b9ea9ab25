"""The register of a group as a table and as JSON, for those who keep it; `import_register` reads both."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from documents.models import Document, DocumentLink
from documents.reading.chain import chain_of
from mandates.models import WorkingGroup
from mispa.ground.text import LANGUAGES

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
    "paper id",
    "own",
    "of the plan",
    "title language",
    *(f"title {language}" for language in LANGUAGES),
    "paper title",
    "paper title language",
    *(relation.value for relation in DocumentLink.Relation),
)


def as_rows(documents: Iterable[Document], group: WorkingGroup) -> list[dict[str, Any]]:
    """A row for each state of a paper; days as 2013-09-05, languages as en/es.

    “title” is that of the state in its “title language”, beside it are its translations; “paper title” is there only
    where the paper is called otherwise today. Papers that a paper names stand by symbol, else by id.
    """
    rows = []
    for paper in as_json(documents, group):
        of_paper = {
            "paper": paper["symbol"] or "",
            "kind": paper["kind"],
            "registered on": paper["registered_on"] or "",
            "series line": paper["series_line"],
            "original": paper["original"],
            "distribution": paper["distribution"],
            "open to all": _yes(paper["open_to_all"]),
            "submitted by": paper["submitted_by"] or "",
            "paper id": paper["id"],
            "own": _yes(paper["own"]),
            "of the plan": _yes(paper["of_plan"]),
            **{relation.value: _named(paper["links"], relation) for relation in DocumentLink.Relation},
        }
        for state in paper["texts"]:
            title = state["title"] or paper["title"]
            today = {} if title == paper["title"] else paper["title"]
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
                    "title language": title["original"],
                    **{f"title {language}": _translation(title, language) for language in LANGUAGES},
                    "paper title": today.get(today.get("original"), ""),
                    "paper title language": today.get("original", ""),
                }
            )
    return rows


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _translation(title: dict[str, Any], language: str) -> str:
    return "" if language == title["original"] else title.get(language, "")


def _named(links: list[dict[str, Any]], relation: str) -> str:
    return "; ".join(one["symbol"] or one["id"] for one in links if one["relation"] == relation)


def as_json(documents: Iterable[Document], group: WorkingGroup) -> list[dict[str, Any]]:
    """Papers with all their texts, and what each says of others among them.

    `own` are those of the group itself; the others are only cited by its process.
    """
    documents = list(documents)
    links: dict[Any, list[DocumentLink]] = defaultdict(list)
    known = {one.pk: one for one in documents}
    between = DocumentLink.objects.standing().filter(document__in=known, other__in=known)
    for link in between.order_by("relation", "position", "id"):
        links[link.document_id].append(link)
    return [
        {
            "id": str(one.pk),
            "symbol": one.base,
            "own": one.group_id == group.pk,
            "of_plan": one.plan_id is not None,
            "title": one.title.to_json(),
            "kind": one.kind,
            "series_line": one.series_line,
            "original": one.original_languages,
            "registered_on": _day(one.registered_on),
            "submitted_by": str(one.delegation or one.area or "") or None,
            "delegation": one.delegation.code if one.delegation else None,
            "area": one.area.slug if one.area else None,
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
