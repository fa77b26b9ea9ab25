"""What a file names and groups share: areas, rooms, cities and resolutions, found by name or symbol, else new.

Nothing is looked up by title. Accents, case and the word “room” make no other area or room.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils.text import slugify

from documents.models import Document
from mandates.models import RegisteredSymbol, Resolution, ResponsibleArea, registered_organs
from mandates.symbols import SymbolError, SymbolNeedsReview, parse
from meetings.actions import room_key
from meetings.models import City, Meeting, Room, Series
from mispa.ground.text import Text, search_key

Json = Mapping[str, Any]
_NAMES = UUID("6f5ad37c-6a0f-5f0e-9a55-52a1b1f6a7c1")  # ids of new things follow from their names: asked twice, one


@dataclass(frozen=True)
class Named:
    """An area, room, city or resolution that the file names and that is not here, or is here and withdrawn."""

    id: str
    name: Text
    printed: str = ""  # the symbol of a resolution
    parent: str = ""  # of a unit: the area
    slug: str = ""  # of an area
    country: Text | None = None  # of a city
    is_withdrawn: bool = False  # it was here once, and comes back


class Names:
    """All areas, rooms, cities and resolutions that are here, asked once; and what had to be added to them."""

    def __init__(self) -> None:
        self.organs = registered_organs()
        self.areas: list[Any] = list(ResponsibleArea.objects.order_by("is_withdrawn", "slug"))
        self.rooms: list[Any] = list(Room.objects.order_by("is_withdrawn", "id"))
        self.cities: list[Any] = list(City.objects.order_by("is_withdrawn", "id"))
        self.resolutions = _by_symbol()
        self.taken = _symbols_of_others()
        papers = Document.objects.standing().values_list("pk", "base")
        self.documents = {base or str(pk): str(pk) for pk, base in papers}  # as a text names them → id
        self.new: dict[str, dict[str, Named]] = {"area": {}, "room": {}, "city": {}, "resolution": {}}
        shared = (*self.areas, *self.rooms, *self.cities, *self.resolutions.values())
        self.known: dict[str, Any] = {str(one.pk): one for one in shared}
        self.folded = {one.pk: _folded(one.name) for one in (*self.areas, *self.cities)}
        self.room_keys = {one.pk: {room_key(wording) for _language, wording in one.name} for one in self.rooms}
        self.slugs: dict[str, int] = {one.slug: 2 for one in self.areas}  # with the next number behind each
        self.new_by_id: dict[str, Named] = {}
        self.asked: set[tuple[str, str]] = set()  # kinds and ids of what is new

    # ---- areas

    def areas_of(self, part: Iterable[Json]) -> list[str]:
        """The areas beside a row or a mandate, as `Links` names them: “<area>” or “<area>/<unit>”; each once."""
        found: dict[str, str] = {}
        for one in part:
            area = self.area(one)
            unit = self.area(one["unit"], parent=area) if one.get("unit") else ""
            found.setdefault(area, f"{area}/{unit}" if unit else area)
        return list(found.values())

    def area(self, part: Json, parent: str = "") -> str:
        names = _folded(part["name"])
        for one in self.areas:
            if str(one.pk) == part.get("id") or (
                str(one.parent_id or "") == parent and (names & self.folded[one.pk] or _is_short(one, names))
            ):
                return self._there("area", one, one.name, slug=one.slug, parent=str(one.parent_id or ""))
        if not parent:  # a unit that stands alone is the unit
            for one in self.areas:
                if names & self.folded[one.pk]:
                    return self._there("area", one, one.name, slug=one.slug, parent=str(one.parent_id or ""))
        words = f"{parent}/{min(names)}"
        if known := self.new["area"].get(words):
            return known.id
        return self._new("area", part, words, parent=parent, slug=_free(_text(part["name"]), self.slugs))

    # ---- rooms and cities

    def room(self, part: Json | None) -> str:
        if not part:
            return ""
        names = {room_key(wording) for _language, wording in _text(part["name"])}
        for one in self.rooms:
            if str(one.pk) == part.get("id") or names & self.room_keys[one.pk]:
                return self._there("room", one, one.name)
        return self._new("room", part, min(names))

    def city(self, part: Json | None, country: Json | None) -> str:
        if not part:
            return ""
        names = _folded(part["name"])
        for one in self.cities:
            if str(one.pk) == part.get("id") or names & self.folded[one.pk]:
                return self._there("city", one, one.name)
        return self._new("city", part, min(names), country=_text(country) if country else None)

    def city_of(self, part: Json | None) -> str:
        """A city that a paper prints alone, where countries stand alone too."""
        names = _folded(part) if part else set()
        return next((str(one.pk) for one in self.cities if names & self.folded[one.pk] and not one.is_withdrawn), "")

    # ---- resolutions

    def symbol(self, printed: str) -> str:
        """The canonical form of a symbol; the printed one where it cannot be read."""
        try:
            return str(parse(printed, self.organs))
        except SymbolError:
            return " ".join(printed.split())

    def resolution(self, symbol: str, printed: str, title: Text) -> str:
        """The id of a resolution, which may be new; empty where its symbol cannot be one."""
        found = self.resolutions.get(symbol)
        if found:
            return self._there("resolution", found, found.title, printed=found.symbol.printed)
        if not self.may_be_symbol(printed) or symbol in self.taken:
            return ""
        return self._new("resolution", {"id": None, "name": title}, symbol, printed=printed)

    def may_be_symbol(self, printed: str) -> bool:
        try:
            return parse(printed, self.organs).kind in {"RES", "DEC"}
        except SymbolNeedsReview:
            return True
        except SymbolError:
            return False

    # ---- ministerial meetings

    def next_of_series(self, part: Json) -> dict[str, Any]:
        """What a ministerial meeting needs that no file holds: its series and ordinal there; empty where unknown.

        Its title says the name of the series. It is not entered where a meeting of the series is on that day already:
        that one stands in the calendar of another group.
        """
        title = _folded(part["title"]) if part.get("title") else set()
        of_series = {one.pk: one for one in Series.objects.standing() if _says(title, one.name)}
        if len(of_series) != 1:
            return {}
        (series,) = of_series
        others = Meeting.objects.filter(series=series, kind=Meeting.Kind.MINISTERIAL).values_list(
            "ordinal", "starts_on"
        )
        known = dict(others)
        if part.get("starts") and date.fromisoformat(part["starts"][:10]) in known.values():
            return {}
        return {"series": str(series), "ordinal": max(known, default=0) + 1}

    # ---- papers

    def papers(self, part: Iterable[str]) -> list[str]:
        """Those of the papers of a topic that are here, as a text names them."""
        return [one for one in part if one in self.documents]

    # ---- all

    def name_of(self, id: str) -> str:
        if named := self.new_by_id.get(id):
            return str(named.name)
        return str(self.known[id].name) if self.known.get(id) else ""

    def _there(self, kind: str, thing: Any, name: Text, **more: Any) -> str:
        if thing.is_withdrawn:
            named = self.new[kind].setdefault(str(thing.pk), Named(str(thing.pk), name, is_withdrawn=True, **more))
            self.new_by_id[named.id] = named
        return str(thing.pk)

    def _new(self, kind: str, part: Json, words: str, **more: Any) -> str:
        asked = part.get("id")
        if asked and (kind, asked) in self.asked:
            return str(asked)  # two names for one
        if words not in self.new[kind]:
            new_id = asked if asked and asked not in self.known else str(uuid5(_NAMES, f"{kind}/{words}"))
            while new_id in self.known:  # what had this name then has another one now
                new_id = str(uuid5(_NAMES, new_id))
            self.new[kind][words] = self.new_by_id[new_id] = Named(new_id, _text(part["name"]), **more)
            self.known[new_id] = None
            self.asked.add((kind, new_id))
        return self.new[kind][words].id


def _text(part: Json | Text) -> Text:
    return part if isinstance(part, Text) else Text.from_json(part)


def _folded(part: Json | Text) -> set[str]:
    return {search_key(wording) for _language, wording in _text(part)}


def _says(titles: set[str], name: Text) -> bool:
    return any(search_key(wording) in title for title in titles for _language, wording in name)


def _is_short(area: ResponsibleArea, names: set[str]) -> bool:
    return bool(area.abbreviation) and search_key(area.abbreviation) in names


def _free(name: Text, slugs: dict[str, int]) -> str:
    """An address that no area has, which is taken then."""
    wanted = slugify(name.wordings[name.original])[:70].strip("-") or "area"
    if wanted == "new":
        wanted = "new-area"
    free = wanted
    while free in slugs:
        free, slugs[wanted] = f"{wanted}-{slugs[wanted]}", slugs[wanted] + 1
    slugs[free] = 2
    return free


def _by_symbol() -> dict[str, Resolution]:
    """Resolutions by canonical symbol, pending ones by the symbol that they print; the standing one first."""
    found: dict[str, Resolution] = {}
    for one in Resolution.objects.select_related("symbol").order_by("is_withdrawn", "id"):
        found.setdefault(one.symbol.canonical or " ".join(one.symbol.printed.split()), one)
    return found


def _symbols_of_others() -> set[str]:
    """Symbols that papers have, and those withdrawn for good: no resolution can take them."""
    rows = RegisteredSymbol.objects.filter(resolution__isnull=True)
    rows = rows.exclude(state=RegisteredSymbol.State.IN_USE, revision__isnull=True)
    return {str(one) for one in rows.filter(canonical__isnull=False).values_list("canonical", flat=True)}
