"""A document as JSON."""

from __future__ import annotations

import datetime as dt
import json

from hypothesis import given
from hypothesis import strategies as st

from index.document import Document

# Short ones and long ones, which are written in different ways.
TEXTS = st.text(max_size=20) | st.text(
    st.sampled_from('ab"\\\n\t\x00\x1f\x7fé\u2028北\ud800'), min_size=1, max_size=9
).map(lambda text: text * 300)
NAMES = st.dictionaries(TEXTS, TEXTS, max_size=3)


@given(
    st.builds(
        Document,
        source=TEXTS.filter(lambda text: not any("\ud800" <= each <= "\udfff" for each in text)),
        title=TEXTS,
        authors=st.lists(TEXTS, max_size=3).map(tuple),
        date=st.none() | st.dates(min_value=dt.date(1450, 1, 1)),
        body=TEXTS,
        url=TEXTS,
        language=st.sampled_from(["", "en"]),
        extra=st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=3).map(tuple), max_size=3),
        provenance=NAMES,
        confidence=st.dictionaries(TEXTS, st.sampled_from([0.02, 0.5, 0.99, 1, 1.0]), max_size=3),
        warnings=st.lists(TEXTS, max_size=2).map(tuple),
    )
)
def test_json_of_a_document_is_that_of_its_values(document: Document) -> None:
    written = document.to_json()
    assert written == json.dumps(document.to_dict(), ensure_ascii=False, separators=(",", ":"))
    assert Document.from_dict(json.loads(written)) == document
