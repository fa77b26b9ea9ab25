"""OpenDocument texts: no macros, no objects of other programs, nothing fetched from outside; and their words."""

import re
from collections.abc import Iterator
from typing import Any, Final

from documents.files.package import Package
from documents.files.refused import Refused, Why

_TEXT: Final = b"application/vnd.oasis.opendocument.text"
_MANIFEST: Final = "META-INF/manifest.xml"
_READ: Final = ("content.xml", "styles.xml", "meta.xml")  # of the document, and of the objects in it
_SCRIPTS: Final = re.compile(r"^(?:Basic|Scripts)/.*[^/]$")
_CODE: Final = re.compile(r"^(?:vnd\.sun\.star\.script|macro|javascript|vbscript|service):", re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|\\\\|\.\./|/)", re.IGNORECASE)
_ADDRESSES: Final = frozenset({"href", "image-data", "src"})  # attributes: links, pictures on buttons, data of forms
_BLANKS: Final = re.compile(r"[\x00-\x20]+")  # programs leave them out of addresses
# A link, and a reference within the file; all else that has an address is fetched.
_FOLLOWED: Final = frozenset({"a", "event-listener"})
# Office looks whether the template is newer than the text: on the writer's disk no harm, elsewhere a visit.
_ON_ANOTHER_MACHINE: Final = re.compile(r"^(?!file:///(?![/\\]))(?:[a-z][a-z0-9+.-]+:|//|\\\\)", re.IGNORECASE)
_DRAWN: Final = ("application/vnd.oasis.opendocument.chart", "application/vnd.oasis.opendocument.formula")
_SKIPPED: Final = frozenset({"tracked-changes", "annotation", "sequence-decls"})
_SPACES: Final = {"tab": " ", "line-break": " ", "s": " "}


def read(data: bytes) -> Iterator[str]:
    """The words of an OpenDocument text, a paragraph at a time. Raises Refused before the first."""
    package = Package(data)
    kind = package.content("mimetype").strip() if "mimetype" in package.names else b""
    if kind != _TEXT:
        raise Refused(Why.OTHER_OFFICE)
    if not {_MANIFEST, "content.xml"} <= package.names.keys():
        raise Refused(Why.BROKEN)
    _refuse_in_manifest(package)
    package.check()
    if any(_SCRIPTS.match(name) for name in package.names):
        raise Refused(Why.MACROS)
    roots = {name: package.xml(name) for name in package.names if name.endswith(_READ)}
    for root in roots.values():
        _refuse_in_xml(root)
    return _paragraphs(roots["content.xml"])


def _refuse_in_manifest(package: Package) -> None:
    manifest = package.xml(_MANIFEST)
    if any(_local(one) == "encryption-data" for one in manifest.iter()):
        raise Refused(Why.PASSWORD)
    for one in manifest.iter("{*}file-entry"):
        values = {_local_name(key): value for key, value in one.items()}
        kind, path = values.get("media-type", ""), values.get("full-path", "")
        is_inner = kind.startswith("application/vnd.oasis.opendocument.") and path != "/"
        if "oleobject" in kind or (is_inner and not kind.startswith(_DRAWN)):
            raise Refused(Why.OTHER_FILES)


def _refuse_in_xml(root: Any) -> None:
    for one in root.iter():
        name = _local(one)
        if name == "script" and _has_code(one):
            raise Refused(Why.MACROS)
        if name in ("applet", "plugin", "object-ole"):
            raise Refused(Why.OTHER_FILES)
        if name in ("dde-source", "dde-connection-decl"):
            raise Refused(Why.FROM_OUTSIDE)
        for key, value in one.items():
            if _local_name(key) in _ADDRESSES:
                _refuse_address(name, _BLANKS.sub("", value))


def _has_code(script: Any) -> bool:
    """LibreOffice names its libraries in every document, with nothing in them."""
    return any(_local(one) == "module" for one in script.iter()) or bool("".join(script.itertext()).strip())


def _refuse_address(element: str, address: str) -> None:
    if _CODE.match(address):
        raise Refused(Why.MACROS)
    outside = _ON_ANOTHER_MACHINE if element == "template" else _OUTSIDE
    if element not in _FOLLOWED and outside.match(address):
        raise Refused(Why.FROM_OUTSIDE)


def _paragraphs(root: Any) -> Iterator[str]:
    body = next(root.iter("{*}text"), root)
    for one in body.iter("{*}p", "{*}h"):
        if not any(_local(above) in _SKIPPED for above in one.iterancestors()):
            yield "".join(_pieces(one))


def _pieces(element: Any) -> Iterator[str]:
    """The words of a paragraph. Those of a note in it belong to paragraphs of their own."""
    yield element.text or ""
    for inner in element:
        name = _local(inner)
        yield _SPACES.get(name, "")
        if name not in _SKIPPED and name != "note":
            yield from _pieces(inner)
        yield inner.tail or ""


def _local(element: Any) -> str:
    return _local_name(element.tag) if isinstance(element.tag, str) else ""


def _local_name(name: str) -> str:
    return name.rpartition("}")[2]
