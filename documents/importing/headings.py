"""The words by which parts of a plan are known in four languages: sections, columns, what stands in an empty cell."""

import re
from functools import lru_cache
from typing import Final, Literal

from documents.importing.lines import Line
from mispa.ground.text import search_key

Section = Literal["background", "mandate", "considerations", "plan", "calendar"]
Column = Literal["resolution", "mandate", "area", "deadline", "paragraph", "date", "time", "room", "topic", "number"]

_NUMERAL: Final = re.compile(r"(?:[ivxlc]{1,6}|[0-9]{1,2}|[a-h])\s*[.)\-\u2013\u2014:]+\s*")
_LONGEST: Final = 300  # a heading may carry the whole name of a group

# The whole heading, but for its number; “…” in the second table: it may go on.
_WHOLE: Final[dict[Section, str]] = {
    "background": "background|introduction and background|antecedents?|antecedentes|contexte|historique|rappel|"
    "introduccion y antecedentes|contexto|historico",
    "mandate": "mandates?|mandatos?|mandats?|terms of reference",
    "considerations": "(?:other|general|additional|final) (?:considerations|matters)|considerations|"
    "(?:otras|demas) consideraciones|consideraciones(?: (?:generales|finales|adicionales))?|otros asuntos|"
    "autres (?:considerations|questions)|considerations (?:generales|finales)|"
    "outras consideracoes|consideracoes(?: (?:gerais|finais))?|outros assuntos",
    "plan": "(?:draft )?work ?plan|(?:proyecto de )?plan de trabajo|(?:projet de )?plan de travail|"
    "(?:projeto de )?plano de trabalho",
    "calendar": "(?:draft )?(?:calendar|schedule|timetable)|(?:calendario|cronograma)|calendrier|echeancier",
}
_OPENING: Final[dict[Section, str]] = {
    "background": "background (?:of|to|and)|antecedentes (?:de|del|da|do|y|e)|contexte (?:de|du|et)",
    "mandate": "mandates? (?:of|for|and)|mandatos? (?:de|del|da|do)|mandats? (?:du|de)",
    "considerations": "other considerations|otras consideraciones|autres considerations|outras consideracoes",
    "plan": "(?:draft )?work ?plan (?:of|for)|(?:proyecto de )?plan de trabajo (?:de|del|para)|"
    "(?:projet de )?plan de travail (?:du|de|pour)|(?:projeto de )?plano de trabalho (?:do|da|de|para)",
    "calendar": "(?:draft )?(?:calendar|schedule|timetable) (?:of|for|and)|(?:calendario|cronograma) (?:de|del|y|da|"
    "do|e)|(?:calendrier|echeancier) (?:du|de|des|et)",
}
_COLUMNS: Final[dict[Column, str]] = {
    "resolution": "resolutions?|resolucion(?:es)?|resolucao|resolucoes|source|fuente|fonte",
    "mandate": "mandates?|mandatos?|mandats?|activity|activities|actividad(?:es)?|activites?|atividades?|actions?|"
    "accion(?:es)?|acao|acoes|tasks?",
    "area": "areas?|areas? responsible|responsible areas?|areas? responsables?|areas? responsaveis|area responsavel|"
    "entites? responsables?|organes? responsables?|instances? responsables?|secteurs? responsables?|"
    "services? responsables?|responsables?|responsaveis|responsavel|responsible|responsible (?:body|office|unit)",
    "deadline": "deadlines?|when|plazos?|cuando|echeances?|delais?|prazos?|quando",
    "paragraph": "paragraphs?|parrafos?|paragraphes?|paragrafos?|para\\.?|op",
    "date": "dates?|fechas?|datas?|day|dia|jour|dates? and times?|fechas? y horas?|dates? et heures?|"
    "datas? e horas?|datas? e horarios?|when",
    "time": "times?|hours?|horas?|horarios?|heures?|horaires?",
    "room": "rooms?|place|venue|lugar|salon|sala|lieu|salle|local|salao",
    "topic": "topics?|subjects?|items?|agenda|temas?|asuntos?|assuntos?|puntos?|themes?|points?|sujets?|"
    "ordre du jour|activity|activities|actividad(?:es)?|activites?|atividades?|topics? and activities",
    "number": "no\\.?|n\\.? ?[o0]\\.?|#|num\\.?|numero|number",
}
_PLAN_COLUMNS: Final[tuple[Column, ...]] = ("resolution", "mandate", "area", "deadline", "paragraph", "number")
_CALENDAR_COLUMNS: Final[tuple[Column, ...]] = ("date", "time", "room", "topic", "number")
_NOTHING: Final = re.compile(r"[-\u2013\u2014_.*/ ]*|n ?/ ?a|none|ninguna|aucune|nenhuma|s ?/ ?d|nil|tbd")


def section_of(line: Line) -> Section | Literal[""] | None:
    """Which section the line opens: a name, “” for a heading that no plan has, None where it is no heading.

    A styled heading is one by its style. A plain line is one only by its words: numbered, in capitals or bold it may
    go on after them, else it must be nothing more.
    """
    return _section(line.words, line.mark is not None, line.is_bold, line.outline > 0)


@lru_cache(maxsize=16)  # who joins lines asks of the same neighbours again and again
def _section(printed: str, is_marked: bool, is_bold: bool, is_styled: bool) -> Section | Literal[""] | None:
    words = search_key(printed)
    if not words or len(words) > _LONGEST:
        return None
    numeral = _NUMERAL.match(words)
    bare = words[numeral.end() :] if numeral and not is_marked else words
    bare = bare.rstrip(" .:")
    stands_out = bool(numeral) or printed.isupper() or is_bold or is_styled
    for section in _WHOLE:
        if re.fullmatch(_WHOLE[section], bare):
            return section
        if stands_out and not printed.rstrip().endswith((".", ";", ",")) and re.match(_OPENING[section] + " ", bare):
            return section
    return "" if is_styled else None


def columns(headings: list[str]) -> tuple[Literal["plan", "calendar"], list[Column | None]] | None:
    """Which table has these headings, and what each of its columns holds; None where they are no headings of ours."""
    named = [search_key(heading).strip(" .:") for heading in headings]
    for kind, known in (("plan", _PLAN_COLUMNS), ("calendar", _CALENDAR_COLUMNS)):
        roles = [_role(name, known) for name in named]
        if _tells(set(roles), kind):
            return ("plan", roles) if kind == "plan" else ("calendar", roles)
    return None


def _role(name: str, known: tuple[Column, ...]) -> Column | None:
    return next((column for column in known if re.fullmatch(_COLUMNS[column], name)), None)


def _tells(roles: set[Column | None], kind: str) -> bool:
    if kind == "calendar":
        return "date" in roles and bool(roles & {"topic", "time", "room"})
    return len(roles & {"resolution", "mandate", "area"}) >= 2


def says_nothing(words: str) -> bool:
    """Whether a cell holds a dash or the like: that it is empty."""
    return _NOTHING.fullmatch(search_key(words)) is not None
