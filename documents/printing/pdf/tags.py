"""What WeasyPrint does not tag yet: the language of a passage, and notes as notes.

WeasyPrint builds the tree of tags in a private function that calls itself for every box. It is wrapped here, once, so
that each element it makes is looked at again. The version is pinned; `tests/documents/test_pdf_file.py` says what to
look at when another one does it in another way.
"""

from collections.abc import Iterator
from typing import Any, Final

from weasyprint.pdf import tags

_BUILD: Final = tags._build_box_tree
_OF_NOTES: Final = {"span::footnote-call": "/Reference", "span::footnote-marker": "/Lbl"}


def _build_box_tree(box: Any, parent: Any, *others: Any) -> Iterator[Any]:
    for element in _BUILD(box, parent, *others):
        if box.element is not None and box.element_tag not in {"html", "body"}:
            _complete(element, box, parent)
        yield element


def _complete(element: Any, box: Any, parent: Any) -> None:
    """`element` is the tag of `box`; boxes inside a box may carry the same HTML element, and the tag is said once."""
    attributes = box.element.attrib
    if box.element_tag == box.element.tag and "lang" in attributes and parent.get("Lang") is None:
        element["Lang"] = tags.pydyf.String(attributes["lang"])
    if box.element_tag == "span" and attributes.get("class") == "fn" and not _is_in_note(parent):
        element["S"] = "/Note"
        # A note may go on on the next page: the number of the object tells its parts apart.
        element["ID"] = tags.pydyf.String(f"{attributes['id']}-{element.number}")
    elif box.element_tag in _OF_NOTES:
        element["S"] = _OF_NOTES[box.element_tag]


def _is_in_note(parent: Any) -> bool:
    return "ID" in parent and parent["S"] == "/Note"


tags._build_box_tree = _build_box_tree
