"""What is wrong with a symbol, said in the language of the page; `mandates.symbols` itself knows English only."""

from django.utils.translation import gettext as _

from mandates.symbols import SymbolError


def explain(error: SymbolError) -> str:
    """The sentence of the error in the active language, the text in its quotation marks."""
    return _("“%(text)s” %(complaint)s") % {"text": error.shown, "complaint": _(error.complaint)}
