"""Templates whose fixed words are looked up once a language, when they are compiled, not for each reader.

A page says some thirty words that depend on nobody. Each used to ask which language the request has and what
the word is in it; now a template is compiled once for each language, with its words in place.
"""

from __future__ import annotations

from collections.abc import Callable
from gettext import NullTranslations
from typing import Any

from flask.templating import Environment
from flask_babel import get_locale, get_translations, gettext
from jinja2 import Template, nodes, pass_eval_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

_ASKS_FOR_WORDS = frozenset({"_", "gettext"})


class _WordsInPlace(NodeTransformer):
    """Puts the words themselves where `_("…")` stands, unless something is filled in."""

    def __init__(self, *, escapes: bool) -> None:
        self._escapes = escapes

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in _ASKS_FOR_WORDS:
            return node
        if len(node.args) != 1 or not isinstance(node.args[0], nodes.Const):
            return node
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        words = gettext(node.args[0].value) % {}  # as at run time: `%%` is one sign
        return nodes.Const(Markup(words) if self._escapes else words, lineno=node.lineno)  # noqa: S704


class _Compiler(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        escapes = self.environment.autoescape
        is_markup = escapes(self.name) if callable(escapes) else bool(escapes)
        super().visit_Template(_WordsInPlace(escapes=is_markup).visit(node), frame)


class _Template(Template):
    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """The macros of this file. At every import Jinja would compare which names the importing template was
        given as globals of its own; ours have none but those of the environment."""
        return super()._get_default_module()


class SpokenEnvironment(Environment):
    """Flask's own, with an environment for each language in which its templates are compiled.

    What a template extends or imports is found in its own: only the first of a page asks for the language.
    """

    code_generator_class = _Compiler
    template_class = _Template
    language: str | None = None  # of an environment for one language

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._for_languages: dict[str, SpokenEnvironment] = {}
        self._loaded: dict[str, Template] = {}

    def overlay(self, *args: Any, **kwargs: Any) -> SpokenEnvironment:
        made: SpokenEnvironment = super().overlay(*args, **kwargs)
        made._for_languages, made._loaded = {}, {}
        return made

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: Any | None = None
    ) -> Template:
        if self.language is None:
            return self._spoken().get_template(name, parent, globals)
        if self.auto_reload or globals is not None or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        found = self._loaded.get(name)
        if found is None:
            found = self._loaded[name] = super().get_template(name, parent)
        return found

    def _spoken(self) -> SpokenEnvironment:
        locale = get_locale()
        language = locale.language if locale is not None else ""
        found = self._for_languages.get(language)
        if found is None or found.loader is not self.loader:
            found = self._for_languages[language] = self._speaking(language)
        return found

    def _speaking(self, language: str) -> SpokenEnvironment:
        """An environment whose templates ask the catalogue of the language: Flask-Babel would find out for
        every sentence with something filled in which language the request has."""
        found = self.overlay()
        found.language = language
        found.globals = {**self.globals, **_words_of(get_translations())}
        return found


def _words_of(catalogue: NullTranslations) -> dict[str, Callable[..., str]]:
    """What templates call for a sentence with something filled in, in the language of this catalogue."""

    @pass_eval_context
    def one(page: EvalContext, text: str, /, **filled: Any) -> str:
        words = catalogue.gettext(text)
        return (Markup(words) if page.autoescape else words) % filled  # noqa: S704

    @pass_eval_context
    def some(page: EvalContext, singular: str, plural: str, num: int, /, **filled: Any) -> str:
        words = catalogue.ngettext(singular, plural, num)
        return (Markup(words) if page.autoescape else words) % {"num": num, **filled}  # noqa: S704

    return {"_": one, "gettext": one, "ngettext": some}
