"""Mails taken apart: what the sender wrote, what is quoted from others, and the signature."""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import re
from typing import NamedTuple

MAX_LINES = 100_000
"""Longer mails are left whole."""

_EMPTY_BEFORE = 20  # lines between an announcement and its quotation

_QUOTE = re.compile(r"[ \t]{0,3}(?:>|&gt;|[|] )")
_QUOTES = re.compile(rf"(?:{_QUOTE.pattern})*+")
# What mail programs write above a quotation: "On Tue, 20 Dec 2022 at 10:15, Jane Doe <jane@example.org> wrote:".
_WROTE = re.compile(
    r"(?:\bwrote|\bwrites|\bschrieb|\bgeschrieben|\ba écrit|\bécrivait|\bescribió|\bescribio|\bescreveu|\bha scritto|\bscrisse|\bschreef"
    r"|\bheeft .{0,80}geschreven|\bskrev|\bskrifaði|\bkirjoitti|\bnapisał(?:\(a\)|a)?|\bписал(?:\(а\)|а)?|\bнаписал(?:\(а\)|а)?|\bпишет|\bпише"
    r"|\bнаписав(?:ла)?|\bnapsal(?:\(a\)|a)?|\bnapísal(?:\(a\)|a)?|\bírta|\bescrigué|\bva escriure|\bscris|\byazdı|\bέγραψε|\bđã viết|\bmenulis"
    r"|写道|寫道|書きました|のメール|작성|님이 (?:씀|쓴 글)|كتب|כתב(?:ה)?)(?:\s.{0,150}[:：]|\s*[:：])?\s*$",
    re.IGNORECASE,
)
# The same without a verb: "2022年12月20日(火) 10:15 Jane Doe <jane@example.org>:".
_TIME_AND_ADDRESS = re.compile(r"\d{4}.*\d\d?[:.]\d\d.*[<(][^<>()\s]+@[^<>()\s]+[>)]\s*[:：]$")
_DIGIT_OR_ADDRESS = re.compile(r"\d|@|[<>]")
_PLACE = re.compile(r"\S+@\S+")
_ORIGINAL = re.compile(
    r"\s*[-–_=*]{2,}\s*(?:original message|original mail|original appointment|reply message|ursprüngliche nachricht|originalnachricht|message d['’]origine|message original|mensaje original"
    r"|mensagem original|messaggio originale|oorspronkelijk bericht|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti"
    r"|oryginalna wiadomość|wiadomość oryginalna|исходное сообщение|оригинальное сообщение|вихідне повідомлення|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|missatge original"
    r"|orijinal mesaj|özgün ileti|αρχικό μήνυμα|הודעה מקורית|الرسالة الأصلية|原始邮件|原始郵件|元のメッセージ|원본 메시지|원본 메일|thư gốc|pesan asli)\s*[-–_=*]{2,}\s*",
    re.IGNORECASE,
)
_HEADER_NAMES = (
    "from|sent|to|cc|date|subject|von|gesendet|an|datum|betreff|de|envoyé|à|objet|enviado|enviada em|enviado el|para|asunto|assunto|da|inviato|data|a|oggetto|van|verzonden"
    "|aan|onderwerp|från|skickat|till|ämne|fra|sendt|til|emne|lähettäjä|lähetetty|vastaanottaja|aihe|od|wysłano|do|temat|от|отправлено|кому|дата|тема|від|надіслано|odesláno"
    "|komu|předmět|feladó|elküldve|címzett|tárgy|kimden|gönderilme|kime|konu|发件人|发送时间|收件人|主题|寄件者|日期|收件者|主旨|差出人|送信日時|宛先|件名|보낸 사람|보낸 날짜|받는 사람|제목"
)
_HEADER = re.compile(rf"[ \t*]{{0,4}}(?:{_HEADER_NAMES})\s?\*?[:：]\*?(?:\s|$)", re.IGNORECASE)
_SENDER = re.compile(
    r"[ \t*]{0,4}(?:from|von|de|da|van|från|fra|lähettäjä|od|от|від|feladó|kimden|发件人|寄件者|差出人|보낸 사람)\s?\*?[:：]",
    re.IGNORECASE,
)
_LINE = re.compile(r"\s*[_\-–—=*]{10,}\s*")
_FORWARDED = re.compile(r"\s*(?:[-–_=*]{2,}\s*[^\W_].{2,60}[-–_=*]{2,}|begin forwarded message:)\s*", re.IGNORECASE)
_SIGNATURE = re.compile(r"--[ \t]?")
_LIST_FOOTER = re.compile(r"\s*_{40,}\s*")
_LIST_WORDS = re.compile(
    r"mailing list|mailinglist|unsubscribe|listinfo|liste de diffusion|lista de correo|groups\.io", re.IGNORECASE
)


class Parts(NamedTuple):
    """A mail's text: its own, what it quotes (marks taken off), and its signature. Any may be empty."""

    own: str
    quoted: str
    signature: str


def split_quoted(text: str) -> Parts:
    """Takes quotations, the lines that announce them, and the signature out of a mail's text.

    What stands between quotations is the sender's and stays. A mail with nothing of its own, such as one that only
    forwards another, stays whole.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        return Parts(text, "", "")
    own: list[str] = []
    quoted: list[str] = []
    signature: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if _QUOTE.match(line):
            if quoted and not _was_quote(lines, number):
                quoted.append("")
            _drop_announcement(own)
            quoted.append(_unmarked(line))
        elif _begins_rest(lines, number, own):
            quoted += ["", *map(_unmarked, lines[number:])] if quoted else map(_unmarked, lines[number:])
            break
        elif _is_signature(lines, number):
            end = next((at for at in range(number + 1, len(lines)) if _ends_signature(lines, at)), len(lines))
            signature += lines[number + 1 : end]
            number = end
            continue
        else:
            own.append(line)
        number += 1
    kept = "\n".join(own)
    if not kept.strip():
        return Parts(text if quoted else kept, "", "\n".join(signature).strip() if not quoted else "")
    return Parts(kept, "\n".join(quoted).strip(), "\n".join(signature).strip())


def _was_quote(lines: list[str], number: int) -> bool:
    return number > 0 and _QUOTE.match(lines[number - 1]) is not None


def _unmarked(line: str) -> str:
    marks = _QUOTES.match(line)
    return line[marks.end() if marks else 0 :].strip()


def is_announcement(text: str) -> bool:
    """Whether a text is what stands above a quotation: "Am 20.12.2022 schrieb Jane Doe:"."""
    text = " ".join(text.split())
    if not 5 < len(text) < 400:
        return False
    if _TIME_AND_ADDRESS.search(text):
        return True
    return bool(_WROTE.search(text)) and bool(_DIGIT_OR_ADDRESS.search(text) or text[-1] in ":：")


def _drop_announcement(own: list[str]) -> None:
    """Takes the line or the few lines off the end that announce a quotation."""
    end = len(own)
    first = max(0, end - _EMPTY_BEFORE)  # so that very many empty lines are not gone over for each quotation
    while end > first and not own[end - 1].strip():
        end -= 1
    for taken in (1, 2, 3, 4):
        if taken > end or not own[end - taken].strip():
            return
        announcement = " ".join(own[end - taken : end])
        if is_announcement(announcement):
            above = own[end - taken - 1] if end > taken else ""
            if taken < 4 and any(map(str.isdigit, above)) and not any(map(str.isdigit, _PLACE.sub("", announcement))):
                continue  # the date stands on the line above
            del own[end - taken :]
            return


def _begins_rest(lines: list[str], number: int, own: list[str]) -> bool:
    """Whether all that follows is an earlier mail, as programs append it without marks."""
    line = lines[number]
    if _ORIGINAL.fullmatch(line):
        return True
    if _SENDER.match(line) and not (own and _FORWARDED.fullmatch(_last(own))):
        following = [text for text in lines[number : number + 8] if text.strip()][:5]
        before = _last(own)
        alone = not own or not own[-1].strip() or _LINE.fullmatch(own[-1]) is not None
        if alone and sum(_HEADER.match(text) is not None for text in following) >= 3:
            if _LINE.fullmatch(before):
                while not own[-1].strip():
                    own.pop()
                own.pop()
            return True
    if len(line) < 400 and line.rstrip().endswith((":", "：")) and _WROTE.search(line) and is_announcement(line):
        # Text below, unmarked: only a line with a date and an address announces it for certain.
        return bool(re.search(r"\d{4}", line) and re.search(r"[<(][^<>()\s]+@[^<>()\s]+[>)]", line)) and not any(
            _QUOTE.match(text) for text in lines[number + 1 : number + 4]
        )
    return False


def _last(lines: list[str]) -> str:
    return next((line for line in reversed(lines[-4:]) if line.strip()), "")


def _is_signature(lines: list[str], number: int) -> bool:
    line = lines[number]
    if line.startswith("--") and _SIGNATURE.fullmatch(line):
        return True
    return (
        line.startswith("____") and _LIST_FOOTER.fullmatch(line) is not None
        and len(lines) - number < 12 and any(_LIST_WORDS.search(text) for text in lines[number + 1 :])
    )  # fmt: skip


def _ends_signature(lines: list[str], number: int) -> bool:
    line = lines[number]
    return bool(_QUOTE.match(line) or _ORIGINAL.fullmatch(line) or is_announcement(line) or (
        _SENDER.match(line) and _begins_rest(lines, number, [""])
    ))  # fmt: skip
