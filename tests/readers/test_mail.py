"""Mails and mailboxes: headers, the text among many parts, what is quoted, and what is broken."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from index.document import Document
from index.errors import ReadError
from index.readers import mail, mbox, read_file
from index.readers.mail import unflowed
from index.readers.parts.quoted import split_quoted

HEAD = b"From: Maren Voss <maren@example.org>\nDate: Tue, 20 Dec 2022 10:15:00 +0100\n"


def document(path: Path, data: bytes) -> Document:
    path.write_bytes(data)
    return read_file(path, path.name).documents[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.eml"


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (b"=?utf-8?B?RsOkaHJl?= =?UTF-8?Q?_um_zw=C3=B6lf?=", "Fähre um zwölf"),
        (b"=?iso-8859-1?Q?F=E4hre?= um zwei", "Fähre um zwei"),
        (b"=?utf-8?B?ww==?= =?utf-8?B?qQ==?= fin", "é fin"),  # one character cut in two
        (b"=?utf-8?B?44G+44G/44KA?=", "まみむ"),
        (b"=?no-such-charset?Q?F=C3=A4hre?=", "Fähre"),
        ("Fähre, unverschlüsselt".encode(), "Fähre, unverschlüsselt"),
        (b"F\xe4hre und T\xfcr, gegen alle Regeln f\xfcr Gr\xfc\xdfe", "Fähre und Tür, gegen alle Regeln für Grüße"),
        (b"=?utf-8?Q?broken", "=?utf-8?Q?broken"),
        (b"Two\n lines", "Two lines"),
    ],
)
def test_subjects(path: Path, raw: bytes, title: str) -> None:
    assert document(path, HEAD + b"Subject: " + raw + b"\n\nText.\n").title == title


@pytest.mark.parametrize(
    ("raw", "authors"),
    [
        ("Maren Voss <maren@example.org>", ("Maren Voss",)),
        ('"Voss, Maren" <maren@example.org>', ("Maren Voss",)),
        ("maren@example.org (Maren Voss)", ("Maren Voss",)),
        ("maren@example.org", ()),
        ('"maren@example.org" <maren@example.org>', ()),
        ("\"'Maren Voss' via Harbour Talk\" <harbour@example.org>", ("Maren Voss",)),
        ("Maren Voss <m@example.org>, Ivo Lindt <i@example.org>", ("Maren Voss", "Ivo Lindt")),
        ("=?utf-8?Q?J=C3=BCrgen_Voss?= <j@example.org>", ("Jürgen Voss",)),
        ("Maren Voss m@example.org", ("Maren Voss",)),
        ("<<>>;,,", ()),
    ],
)
def test_senders(path: Path, raw: str, authors: tuple[str, ...]) -> None:
    assert document(path, f"From: {raw}\nSubject: Fog\n\nText.\n".encode()).authors == authors


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("Tue, 20 Dec 2022 23:30:00 -0800", "2022-12-20"),  # where the sender was, whatever the day elsewhere
        ("Wed, 21 Dec 2022 00:30:00 +1300", "2022-12-21"),
        ("20 Dec 22 10:15 GMT", "2022-12-20"),
        ("Tue Dec 20 10:15:00 2022", "2022-12-20"),
        ("yesterday", "None"),
    ],
)
def test_dates(path: Path, raw: str, day: str) -> None:
    assert str(document(path, f"From: a@example.org\nDate: {raw}\nSubject: Fog\n\nText.\n".encode()).date) == day


def test_a_date_that_cannot_be_is_kept_as_text(path: Path) -> None:
    found = document(path, b"From: a@example.org\nDate: Thu, 31 Feb 2022 10:00:00 +0000\nSubject: Fog\n\nText.\n")
    assert found.date is None
    assert any("not a day of the calendar" in warning for warning in found.warnings)


def test_the_first_server_tells_the_day_if_the_sender_does_not(path: Path) -> None:
    received = "Received: by two.example; Wed, 21 Dec 2022 09:00:00 +0100\nReceived: by one.example; Tue, 20 Dec 2022 22:00:00 -0500\n"
    found = document(path, f"{received}From: a@example.org\nSubject: Fog\n\nText.\n".encode())
    assert str(found.date) == "2022-12-20"
    assert found.provenance["date"] == "mail Received"


def test_the_plain_text_of_two_forms_is_taken_and_attachments_are_named(path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Maren Voss <m@example.org>", "Fog"
    message.set_content("The plain text.")
    message.add_alternative("<p>The <b>HTML</b> text.</p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="Fahrplan für Ivo.pdf")
    found = document(path, message.as_bytes())
    assert found.body == "The plain text."
    assert found.extra["attachments"] == ("Fahrplan für Ivo.pdf",)


def test_html_is_taken_where_the_plain_text_only_points_to_it(path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Maren Voss <m@example.org>", "Fog"
    message.set_content("Your program cannot show HTML mails.")
    message.add_alternative(
        "<html><head><style>p {}</style></head><body><h1>Fog</h1><table><tr><td><p>One.</p><p>Two.</p></td></tr></table>"
        "<ul><li>a</li><li>b</li></ul></body></html>",
        subtype="html",
    )
    assert document(path, message.as_bytes()).body == "Fog\n\nOne.\n\nTwo.\n\na\nb"


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("us-ascii", "Die Fähre für alle".encode()),
        ("utf-8", "Die Fähre für alle".encode("cp1252")),
        ("x-unknown", "Die Fähre für alle".encode()),
        ("base64", "Die Fähre für alle".encode()),  # a codec, but not one for texts
        ("", "Die Fähre für alle".encode()),
    ],
)
def test_wrong_charsets(path: Path, charset: str, data: bytes) -> None:
    head = HEAD + f"Subject: Fog\nContent-Type: text/plain; charset={charset}\n\n".encode()
    assert document(path, head + data).body == "Die Fähre für alle"


def test_an_attached_mail_is_named_and_not_read(path: Path) -> None:
    inner = EmailMessage()
    inner["Subject"] = "The older mail"
    inner.set_content("Old text.")
    message = EmailMessage()
    message["From"], message["Subject"] = "m@example.org", "Fog"
    message.set_content("New text.")
    message.add_attachment(inner)
    found = document(path, message.as_bytes())
    assert found.body == "New text."
    assert found.extra["attachments"] == ("The older mail",)


def test_a_cut_off_mail_still_has_its_text(path: Path) -> None:
    data = (
        HEAD + b'Subject: Fog\nContent-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nThe te'
    )
    assert document(path, data).body == "The te"


def nested(depth: int) -> bytes:
    """A mail with a text that so many parts are around, one in another."""
    parts = (b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(depth))
    return HEAD + b"Subject: Fog\n" + b"".join(parts) + b"Content-Type: text/plain\n\nDeep.\n"


def test_parts_nested_without_end(path: Path) -> None:
    assert document(path, nested(20)).body == "Deep."
    found = document(path, nested(100))
    assert (found.title, found.body) == ("Fog", "")
    assert any("nested up to 30 deep" in warning for warning in found.warnings)
    with pytest.raises(ReadError, match="nested too deep"):
        document(path, nested(2_000))


def test_many_parts_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MAX_PARTS", 5)
    parts = b"".join(b"--x\nContent-Type: text/plain\n\nPart %d.\n" % number for number in range(20))
    found = document(path, HEAD + b'Subject: Fog\nContent-Type: multipart/mixed; boundary="x"\n\n' + parts + b"--x--\n")
    assert found.body.startswith("Part 0.")
    assert "Part 19" not in found.body
    assert any("are read" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Nothing here is a header.\n\nText.\n", "not a mail"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not a mail"),
        (b"From: a@example.org\n\n", "without a subject and a text"),
    ],
)
def test_what_is_no_mail(path: Path, data: bytes, reason: str) -> None:
    path.write_bytes(data)
    with pytest.raises(ReadError, match=reason):
        read_file(path, path.name)


QUOTED = {
    "marked": "Yes.\n\n> Does it go?\n>> When?\n",
    "english": "Yes.\n\nOn Tue, 20 Dec 2022 at 10:15, Ivo Lindt <ivo@example.org> wrote:\n> Does it go?\n",
    "wrapped": "Yes.\n\nOn Tue, 20 Dec 2022 at 10:15, Ivo Lindt\n<ivo@example.org> wrote:\n\n> Does it go?\n",
    "german": "Yes.\n\nAm 20.12.2022 um 10:15 schrieb Ivo Lindt:\n> Does it go?\n",
    "french": "Yes.\n\nLe 20/12/2022 à 10:15, Ivo Lindt a écrit :\n> Does it go?\n",
    "spanish": "Yes.\n\nEl mar, 20 dic 2022 a las 10:15, Ivo (<ivo@example.org>) escribió:\n> Does it go?\n",
    "dutch": "Yes.\n\nOp di 20 dec. 2022 om 10:15 schreef Ivo <ivo@example.org>:\n> Does it go?\n",
    "swedish": "Yes.\n\nDen tis 20 dec. 2022 kl 10:15 skrev Ivo <ivo@example.org>:\n> Does it go?\n",
    "polish": "Yes.\n\nwt., 20 gru 2022 o 10:15 Ivo <ivo@example.org> napisał(a):\n> Does it go?\n",
    "russian": "Yes.\n\nвт, 20 дек. 2022 г. в 10:15, Ivo <ivo@example.org>:\n> Does it go?\n",
    "japanese": "Yes.\n\n2022年12月20日(火) 10:15 Ivo <ivo@example.org> 書きました:\n> Does it go?\n",
    "outlook": "Yes.\n\n-----Original Message-----\nFrom: Ivo Lindt\nSent: Tuesday\nTo: Maren\nSubject: Ferry\n\nDoes it go?\n",
    "outlook de": "Yes.\n\n-----Ursprüngliche Nachricht-----\nVon: Ivo\n\nDoes it go?\n",
    "header alone": "Yes.\n\n________________________________\nFrom: Ivo <i@example.org>\nSent: Tuesday\nTo: Maren\nSubject: Ferry\n\nDoes it go?\n",
    "header fr": "Yes.\n\nDe : Ivo <i@example.org>\nEnvoyé : mardi\nÀ : Maren\nObjet : Ferry\n\nDoes it go?\n",
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_quotations_stand_apart(text: str) -> None:
    parts = split_quoted(text)
    assert parts.own.strip().startswith("Yes.")
    assert "Does it go?" not in parts.own
    assert "Does it go?" in parts.quoted


@pytest.mark.parametrize("name", QUOTED)
def test_the_lines_that_announce_quotations_go_too(name: str) -> None:
    assert split_quoted(QUOTED[name]).own.strip() == "Yes."


@pytest.mark.parametrize(
    "text",
    [
        "She wrote:\n\nthe ferry goes at noon, and he wrote back.",
        "From: the harbour, with love.\n\nWe all read it.",
        "The list\n-- of things --\nis long.",
        "> Only a quotation.\n> Nothing else.",
        "---------- Forwarded message ---------\nFrom: Ivo <i@example.org>\nDate: Tue\nSubject: Ferry\nTo: Maren\n\nDoes it go?",
    ],
)
def test_what_is_the_senders_own_stays(text: str) -> None:
    parts = split_quoted(text)
    assert parts.own == text
    assert parts.quoted == ""


def test_text_between_quotations_and_the_signature() -> None:
    parts = split_quoted("> One?\nFirst.\n\n> Two?\nSecond.\n-- \nMaren\nHarbour office\n")
    assert parts.own.split() == ["First.", "Second."]
    assert parts.quoted.split() == ["One?", "Two?"]
    assert parts.signature == "Maren\nHarbour office"


def test_the_footer_of_a_mailing_list_is_no_text() -> None:
    parts = split_quoted(f"Yes.\n\n{'_' * 47}\nHarbour mailing list\nhttps://lists.example.org/listinfo/harbour\n")
    assert parts.own.strip() == "Yes."
    assert "Harbour mailing list" in parts.signature


def test_flowed_lines_are_joined() -> None:
    text = "One \nparagraph.\nAnother.\n> quoted \n> line\n>> deeper\n-- \nMaren \nVoss"
    assert unflowed(text) == "One paragraph.\nAnother.\n> quoted line\n>> deeper\n-- \nMaren Voss"
    assert unflowed("漢 \n字", join=True) == "漢字"


def test_quotations_in_html(path: Path) -> None:
    for quotation in (
        '<div class="gmail_quote"><div>On Tue, Ivo wrote:</div><blockquote>Does it go?</blockquote></div>',
        '<div>Am 20.12.2022 schrieb Ivo:</div><blockquote type="cite"><p>Does it go?</p></blockquote>',
        '<div id="divRplyFwdMsg"><b>From:</b> Ivo<br><b>Sent:</b> Tuesday</div><div><p>Does it go?</p></div>',
        "<p><b>From:</b> Ivo<br><b>Sent:</b> Tue<br><b>To:</b> Maren<br><b>Subject:</b> Ferry</p><p>Does it go?</p>",
    ):
        found = document(
            path, HEAD + b"Subject: Fog\nContent-Type: text/html\n\n" + f"<body><p>Yes.</p>{quotation}</body>".encode()
        )
        assert found.body == "Yes."
        assert "Does it go?" in found.extra["quoted"]


def test_a_mailbox_numbers_its_messages_and_names_broken_ones(tmp_path: Path) -> None:
    line = "From a@example.org Tue Dec 20 10:15:00 2022\n"
    texts = [
        "From: A B <a@example.org>\nSubject: One\n\nFirst. From here it goes on.\n\nFrom the sea.\n",
        "X-Nothing: 1\n\nText.\n",
        "From: A B <a@example.org>\nSubject: Three\n\nThird.\n",
    ]
    path = tmp_path / "a.mbox"
    path.write_text("\n".join(line + text for text in texts))
    documents, problems = read_file(path, path.name)
    assert [(found.source, found.title) for found in documents] == [("a.mbox#1", "One"), ("a.mbox#3", "Three")]
    assert documents[0].body.endswith("From the sea.")
    assert problems == ("message 2: not a mail: none of From, To, Subject and Date heads it",)


def test_prose_that_begins_with_from_divides_no_message(tmp_path: Path) -> None:
    line = "From a@example.org Tue Dec 20 10:15:00 2022\nFrom: Ann Author\nSubject: One\n\n"
    text = "Good morning.\n\nFrom the quay at 10:15 we saw\nit: a ferry.\n"
    path = tmp_path / "a.mbox"
    path.write_text(line + text + line + text)  # without an empty line between the two
    documents, problems = read_file(path, path.name)
    assert problems == ()
    assert [document.body.endswith("it: a ferry.") for document in documents] == [True, True]
    assert documents[0].authors == ("Ann Author",)


def test_a_date_that_is_none_is_kept_as_text(path: Path) -> None:
    found = document(path, HEAD.replace(b"Date:", b"X-Date:") + b"Subject: S\nDate: the 20th, I think\n\nText.\n")
    assert found.date is None
    assert found.extra["date"] == "the 20th, I think"
    assert found.warnings == ("date the 20th, I think is not understood; kept as text",)


def test_a_mailbox_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "MAX_MESSAGES", 3)
    monkeypatch.setattr(mbox, "MAX_MESSAGE_BYTES", 500)
    line = "From a@example.org Tue Dec 20 10:15:00 2022\nFrom: a@example.org\nSubject: S\n\n"
    path = tmp_path / "a.mbox"
    path.write_text("\n".join(line + "Text.\n" * (200 if number == 1 else 1) for number in range(9)))
    documents, problems = read_file(path, path.name)
    assert [found.source for found in documents] == ["a.mbox#1", "a.mbox#3"]
    assert any("message 2 is larger" in problem for problem in problems)
    assert any("only the first 3" in problem for problem in problems)


def test_another_file_is_no_mailbox(tmp_path: Path) -> None:
    path = tmp_path / "a.mbox"
    path.write_text("From: a@example.org\nSubject: One\n\nText.\n")
    with pytest.raises(ReadError, match="not a mailbox"):
        read_file(path, path.name)


def test_a_bare_address_is_no_author_but_is_kept_as_a_candidate() -> None:
    data = b"From: jane@example.org\nSubject: The boat\nDate: Tue, 20 Dec 2022 10:00:00 +0000\n\nThe boat sank.\n"
    (document,) = read_file(Path("a.eml"), "a.eml", data).documents
    assert document.authors == ()
    assert [(c.value, c.refused) for c in document.candidates["authors"]] == [
        (("jane",), "is an address without a name")
    ]
