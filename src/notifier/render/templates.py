"""Templates are the operator's: rendered in a sandbox, and every failure says the file and line to mend."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from notifier.errors import TemplateError

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import BytecodeCache, Environment, Template
    from jinja2.bccache import Bucket

_NO_FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType({})
_AFTER_NUMBER = re.compile(r"\b(\d{1,2}\.?) (?=[^\W\d_])")
_TOGETHER = "\x1f"
"""Stands for a blank at which no line ends; no text that is quoted has it."""
MEND = "without this file Notifier's own is used"
WIDTH = 76
"""Columns of a message's text part."""
_MJML_TAG = re.compile(r"</?(mj[a-z-]*)\b")
_MJML_TAGS = frozenset(
    {"mjml", "mj-head", "mj-title", "mj-preview", "mj-attributes", "mj-all", "mj-class", "mj-style", "mj-breakpoint"}
    | {"mj-body", "mj-wrapper", "mj-section", "mj-group", "mj-column"}
    | {"mj-text", "mj-button", "mj-divider", "mj-spacer", "mj-table", "mj-raw"}
)
"""Images, web fonts and social buttons are left out on purpose: a notice asks nothing of third parties."""


def values_of(sentence: object) -> set[str]:
    """The values that a sentence of words names: `{date}`. Raises ValueError for braces that are none."""
    return {field for _, field, _, _ in Formatter().parse(sentence) if field} if isinstance(sentence, str) else set()


def brought_up(
    own: Mapping[str, Any], english: Mapping[str, Any], ours: Mapping[str, Any], ours_english: Mapping[str, Any]
) -> dict[str, Any]:
    """The words of an older installation's templates with those that came since, and with ours in place of each that
    names what it is given no longer: `own` and `english` are the installation's, the others ours of today.
    """
    try:
        old = {name for name, said in english.items() if values_of(said) - values_of(ours_english.get(name, said))}
    except ValueError:  # a mistake of the installation's: whoever reads these words names its place
        old = set()
    return {**ours, **own, **{name: ours.get(name, ours_english[name]) for name in old}}


def open_environment(
    *folders: Path, escapes: bool, language: str = "", filters: Mapping[str, Callable[..., Any]] = _NO_FILTERS
) -> Environment:
    """Jinja2 over the templates in the first of `folders` that has one; an unknown name is an error, never an empty
    place.

    `filters` may hang on the `language`, and on nothing else: what was compiled for it is kept.
    """
    from jinja2 import FileSystemLoader, StrictUndefined

    environment = _sandbox()(
        loader=FileSystemLoader(list(dict.fromkeys(folders))),
        undefined=StrictUndefined,
        autoescape=escapes,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_code_cache(f"{escapes} {language}"),
    )
    environment.filters |= {"wrap": wrap, **filters}
    return environment


@cache
def _code_cache(made_for: str) -> BytecodeCache:
    """Keeps templates compiled as long as their text is the same: compiling takes ten times as long as filling in."""
    from jinja2 import BytecodeCache

    class CodeCache(BytecodeCache):
        def load_bytecode(self, bucket: Bucket) -> None:
            bucket.code = _COMPILED.get((made_for, bucket.key, bucket.checksum))

        def dump_bytecode(self, bucket: Bucket) -> None:
            if len(_COMPILED) >= _MOST_COMPILED:
                _COMPILED.clear()
            _COMPILED[made_for, bucket.key, bucket.checksum] = bucket.code

    return CodeCache()


_COMPILED: dict[tuple[str, str, str], CodeType | None] = {}
_MOST_COMPILED = 512


@cache
def _sandbox() -> type[Environment]:
    """A sandbox that asks once of each attribute of each type whether it is safe: the answer hangs on nothing else."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self._known: dict[tuple[type, str], bool] = {}

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            key = type(obj), attr
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = super().is_safe_attribute(obj, attr, value)
            return known

    return Sandbox


def written_at(*paths: Path) -> tuple[int, ...]:
    """When these files were last written, for a cache: an operator may change them while Notifier runs."""
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


def wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """`text` in lines of at most `WIDTH` columns, the second and later ones after `hanging`; no address is broken, and
    no day parted from its month."""
    lines = textwrap.wrap(
        _AFTER_NUMBER.sub(rf"\1{_TOGETHER}", text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace(_TOGETHER, " ")


def render(environment: Environment, name: str, said: Mapping[str, Any]) -> str:
    """The template `name` with the values `said`. Raises TemplateError."""
    with _naming_the_line(environment, name):
        return environment.get_template(name).render(said)


def render_mjml(environment: Environment, name: str, said: Mapping[str, Any]) -> str:
    """The MJML template `name` as HTML: compiled once, its Jinja marks filled in for each message."""
    with _naming_the_line(environment, name):
        assert environment.loader is not None  # noqa: S101 - `open_environment` gave it
        source, path, _ = environment.loader.get_source(environment, name)
        compiled = _compile(source, str(path))
        try:
            return _of_source(environment, compiled).render(said)
        except Exception:
            _as_written(environment, source, Path(str(path))).render(said)  # fails at the line as the operator sees it
            raise


def _of_source(environment: Environment, source: str) -> Template:
    """As `from_string`, compiled once."""
    kept = environment.bytecode_cache
    assert kept is not None  # noqa: S101 - `open_environment` gave it
    bucket = kept.get_bucket(environment, "", None, source)
    if bucket.code is None:
        bucket.code = environment.compile(source)
        kept.set_bucket(bucket)
    return environment.template_class.from_code(environment, bucket.code, environment.make_globals(None))


@contextmanager
def _naming_the_line(environment: Environment, name: str) -> Iterator[None]:
    """Turns whatever a template can raise into a TemplateError that begins with `path:line:`, and names the mend."""
    try:
        yield
    except Exception as error:  # a template can raise anything its expressions can; none may pass as our own bug
        folders = _folders_of(environment)
        said = _what_failed(error, folders, name)
        own = said.removeprefix(f"{folders[0]}/").partition(":")[0]
        has_ours = MEND not in said and any((folder / own).is_file() for folder in folders[1:])
        raise TemplateError(f"{said}; {MEND}" if has_ours else said) from error


def _folders_of(environment: Environment) -> list[Path]:
    from jinja2 import FileSystemLoader

    assert isinstance(environment.loader, FileSystemLoader)  # noqa: S101 - `open_environment` gave it
    return [Path(folder) for folder in environment.loader.searchpath]


def _what_failed(error: Exception, folders: Sequence[Path], name: str) -> str:
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    path = next((folder / name for folder in folders if (folder / name).is_file()), folders[0] / name)
    match error:
        case TemplateError():
            return str(error)
        case TemplateSyntaxError():
            return f"{error.filename or path}:{error.lineno}: {error.message}"
        case TemplateNotFound():
            return f"{folders[0] / (error.name or name)}:1: there is no such template"
        case UnicodeDecodeError():
            return f"{path}:1: is not UTF-8 text ({error.reason})"
        case _:
            return f"{_line_of(error, folders, path)}: {error or type(error).__name__}"


def _line_of(error: Exception, folders: Sequence[Path], path: Path) -> str:
    """`path:line` of the innermost template line on the way to `error`."""
    place, trace = f"{path}:1", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if any(file.is_relative_to(folder) for folder in folders):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _as_written(environment: Environment, source: str, path: Path) -> Any:
    code = environment.compile(source, name=path.name, filename=str(path))
    return environment.template_class.from_code(environment, code, environment.make_globals(None))


@lru_cache(maxsize=8)
def _compile(source: str, path: str) -> str:
    import mjml

    _refuse_unknown_tags(source, path)
    try:
        return str(mjml.mjml2html(source))
    except ValueError as error:
        raise TemplateError(f"{path}:1: is not well-formed MJML: {error}") from error


def _refuse_unknown_tags(source: str, path: str) -> None:
    """The compiler passes them over in silence, and what they hold would be lost."""
    for found in _MJML_TAG.finditer(source):
        if found[1] not in _MJML_TAGS:
            line = source.count("\n", 0, found.start()) + 1
            raise TemplateError(f"{path}:{line}: <{found[1]}> is not a tag that a notice can use")
