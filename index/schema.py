"""The fields of an index: their kinds, the columns an engine keeps for them, and a fingerprint of it all.

A field is what people name in a query (`title:`). A column is what an engine is asked for: a text field has two, one of
stems and one of exact folded words at the same positions. This file imports
no other part of Byline than `record`.
"""

from __future__ import annotations

import enum
import zlib
from functools import cached_property

from index.records import record


class Form(enum.StrEnum):
    """In which form a field's tokens are asked for."""

    STEM = "stem"  # inflections together: leak, leaks, leaked
    WORD = "word"  # as written, but for case, accents and possessives
    RAW = "raw"  # the whole value as one token, case-folded; of a title, its words joined by spaces


class Kind(enum.StrEnum):
    """What a field holds, which decides its columns."""

    TEXT = "text"  # prose: stems and words
    NAME = "name"  # names: words alone, since stemming confuses them
    PATH = "path"  # words, and the whole value
    KEYWORD = "keyword"  # the whole value alone
    DAY = "day"  # a day number, from `datetime.date.toordinal`


_FORMS: dict[Kind, tuple[Form, ...]] = {
    Kind.TEXT: (Form.STEM, Form.WORD),
    Kind.NAME: (Form.WORD,),
    Kind.PATH: (Form.WORD, Form.RAW),
    Kind.KEYWORD: (Form.RAW,),
    Kind.DAY: (Form.RAW,),
}


@record(frozen=True, slots=True)
class Field:
    """A field of the schema.

    Attributes:
        name: what a query calls it.
        kind: what it holds.
        forms: the forms it is indexed in; empty for all that its kind has.
        ordered: whether documents can be put in the order of its RAW value (`Order`); it has one at most.
        named: whether people name it in queries; the others serve what queries are lowered to.
        in_text: whether its stems are kept in the field `text` alone, see `index.engines.together`.
    """

    name: str
    kind: Kind
    forms: tuple[Form, ...] = ()
    ordered: bool = False
    named: bool = True
    in_text: bool = False

    def indexed_forms(self) -> tuple[Form, ...]:
        """The forms this field can be asked in."""
        return self.forms or _FORMS[self.kind]


@record(frozen=True, slots=True)
class Column:
    """What an engine can be asked for: one form of one field. It keeps postings for each but those `is_in_text`.

    `is_day` columns hold one integer or nothing. All others hold a list of segments; a segment is tokens joined by
    single spaces (a RAW column: one token a segment). Positions run on from one segment to the next with a gap of
    one, so that no phrase matches across two segments. An `is_ordered` column holds one segment or nothing,
    and documents can be put in its order.
    """

    name: str
    field: str
    form: Form
    is_day: bool
    has_positions: bool
    is_ordered: bool = False
    is_in_text: bool = False


@record(frozen=True)
class Schema:
    """All fields, in order."""

    fields: tuple[Field, ...]
    version: int = 4

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every column of every field."""
        return tuple(
            Column(
                name=column_name(field.name, form),
                field=field.name,
                form=form,
                is_day=field.kind is Kind.DAY,
                has_positions=form is not Form.RAW,
                is_ordered=field.ordered and form is Form.RAW,
                is_in_text=field.in_text and form is Form.STEM,
            )
            for field in self.fields
            for form in field.indexed_forms()
        )

    @cached_property
    def column_names(self) -> frozenset[str]:
        """The names of all columns."""
        return frozenset([column.name for column in self.columns])

    @cached_property
    def kept_columns(self) -> tuple[Column, ...]:
        """The columns that engines keep."""
        return tuple(column for column in self.columns if not column.is_in_text)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    def column(self, field: str, form: Form) -> Column:
        """The column for a form of a field. Raises KeyError when there is none."""
        return self._columns_by_key[field, form]

    @cached_property
    def _columns_by_key(self) -> dict[tuple[str, Form], Column]:
        return {(column.field, column.form): column for column in self.columns}

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever an index written under another schema can no longer be read with this one."""
        text = repr((self.version, self.columns))
        return f"{zlib.crc32(text.encode()):08x}"  # which takes no OpenSSL to load, as hashlib does


def column_name(field: str, form: Form) -> str:
    """The name of a column, valid in every engine."""
    return f"{field}_{form}"


SECTION = "section"
"""The extra whose values are counted in every index; more of them are declared in `byline.toml`."""


def facet_value(name: str, value: str) -> str:
    """The token of the column `facet` for the value of an extra, `value` being its words; "" begins all its values."""
    return f"{name.casefold()}={value}"


def folder_value(depth: int, path: str) -> str:
    """The token of the column `folder` for a folder at this depth, 1 for the topmost, `path` being case-folded.

    The folders inside one have tokens that begin with `folder_value(depth + 1, path + "/")`.
    """
    return f"{depth}:{path}"


SCHEMA = Schema(
    (
        Field("text", Kind.TEXT, (Form.STEM,)),  # title, author and body together: what a bare word asks
        Field("title", Kind.TEXT, (Form.STEM, Form.WORD, Form.RAW), ordered=True),  # raw: all its words, as one
        Field("author", Kind.NAME, (Form.WORD, Form.RAW)),  # raw: each whole name
        Field("body", Kind.TEXT, in_text=True),
        Field("outside_body", Kind.TEXT, (Form.STEM,), named=False),  # with the next, tells what of `text` is the body
        Field("again_in_body", Kind.TEXT, (Form.STEM,), named=False),
        Field("extra", Kind.TEXT),  # captions, credits, summaries: only found when asked for by name
        Field("source", Kind.PATH),
        Field("url", Kind.PATH),
        Field("first_author", Kind.KEYWORD, ordered=True, named=False),
        Field("lang", Kind.KEYWORD),
        Field("date", Kind.DAY),
        Field("folder", Kind.KEYWORD),  # each folder above its file, see `folder_value`
        Field("facet", Kind.KEYWORD, named=False),  # values of section and the like, see `facet_value`
        Field("has", Kind.KEYWORD, named=False),  # the names of all that a document has
        Field("shingle", Kind.KEYWORD, named=False),  # a sketch of its body, see `index.analysis.shingles`
    )
)
"""The schema of every index that this version writes."""
