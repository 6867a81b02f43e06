"""XML out of files from strangers: no document type, no entities, UTF-8 only; read by expat."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from xml.parsers import expat

from unitclient.errors import UserError

Attributes = dict[str, str]


def broken(reason: str) -> UserError:
    """The refusal of a damaged file; `reason` is a technical word or two for support."""
    return UserError("sheet-broken", reason=reason)


def parser(
    on_start: Callable[[str, Attributes], None],
    on_end: Callable[[str], None] | None = None,
    whole_names: bool = False,
) -> expat.XMLParserType:
    """An expat parser that refuses document types and any encoding but UTF-8.

    It calls back with local names, or with `whole_names` as "namespace local-name".
    """
    made = expat.ParserCreate(namespace_separator=" ")
    made.buffer_text = True
    made.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.upper().replace("-", "") not in {"UTF8", "ASCII", "USASCII"}:
            raise broken(f"encoding {encoding}")

    def doctype(*_: object) -> None:
        raise UserError("sheet-xml-entities")

    made.XmlDeclHandler = declared
    made.StartDoctypeDeclHandler = doctype
    if whole_names:
        made.StartElementHandler, made.EndElementHandler = on_start, on_end
        return made
    made.StartElementHandler = lambda name, attributes: on_start(name.rpartition(" ")[2], _local(attributes))
    if on_end is not None:
        made.EndElementHandler = lambda name: on_end(name.rpartition(" ")[2])
    return made


def _local(attributes: Attributes) -> Attributes:
    return {name.rpartition(" ")[2]: value for name, value in attributes.items()}


def feed(made: expat.XMLParserType, data: bytes, final: bool = False) -> None:
    """Give the parser the next bytes; malformed XML becomes the refusal."""
    try:
        made.Parse(data, final)
    except expat.ExpatError as error:
        raise broken(f"XML: {error}") from None


def elements(data: bytes) -> list[tuple[str, Attributes]]:
    """All elements of a small document, in order, as (local name, attributes)."""
    found: list[tuple[str, Attributes]] = []
    feed(parser(lambda name, attributes: found.append((name, attributes))), data, final=True)
    return found


class _RootSeen(Exception):  # noqa: N818 - a signal out of expat's callback, not an error
    pass


def check_prolog(start: bytes) -> str:
    """The root's local name, from the first bytes of a document. A document type before it is refused.

    Entities can only be declared there, so this is enough to know that the rest of the document has none. Returns ""
    when the root has not begun within `start`.
    """
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start[:8]:
        raise broken("UTF-16")
    roots: list[str] = []

    def root(name: str, _attributes: Attributes) -> None:
        roots.append(name)
        raise _RootSeen

    with suppress(_RootSeen):
        feed(parser(root), start)
    return roots[0] if roots else ""
