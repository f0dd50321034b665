"""What stands between the paragraphs of a saved article and is not part of it: general signs in many languages."""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import re

from index.readers.blocks.block import Block
from index.readers.bylines.names import looks_like_name
from index.readers.bylines.roles import is_agency
from index.readers.bylines.words import BY

MAX_CHARACTERS = 240
"""Longer blocks are never taken for boilerplate."""

_WHOLE = re.compile(
    r"""\W*(?:
    (?:story\ continues\ (?:below|after)\ )?advert(?:is?e?ment|ising)?s?(?:\W{1,3}(?:continue|scroll|story|article|content|skip|remove).{0,40})?|sponsored(?:\ content)?|promoted|paid\ (?:post|content)
    |anzeige|werbung|publicité|publicidad|publicidade|pubblicità|advertentie|annons|annonse|annonce|reklam[ay]?|reklama|реклама|mainos|広告|广告|廣告|광고|διαφήμιση|hirdetés
    |(?:listen\ to|hear)\ (?:this\ )?(?:article|story|post).{0,40}|(?:play|read)\ (?:this\ )?(?:article|story)\ aloud.{0,20}|article\ continues\ (?:below|after).{0,40}
    |(?:continue|keep)\ reading(?:\ (?:below|the\ main\ story))?|scroll\ (?:down\ )?to\ (?:continue|read).{0,40}
    |skip\ (?:to\ )?(?:the\ )?(?:main\ )?(?:content|navigation|advertisement|ad|menu).{0,20}|jump\ to\ (?:content|comments|navigation)|back\ to\ top|zum\ inhalt(?:\ springen)?|aller\ au\ contenu|ir\ al\ contenido|saltar\ al\ contenido
    |(?:\d+\s*[-–]?\s*)?min(?:ute)?s?\.?\ (?:read|listen|lesezeit)|\d+\ mins?|(?:reading|read)\ time\W.{0,20}|lesezeit\W.{0,20}|temps\ de\ lecture\W.{0,20}|tiempo\ de\ lectura\W.{0,20}
    |(?:share|print|save|tweet|e-?mail|comments?|like|follow|bookmark|copy\ link|gift(?:\ this\ article)?|teilen|drucken|merken|partager|imprimer|compartir|imprimir|condividi|stampa|delen|dela|del|jaa|поделиться|paylaş|分享|シェア|공유|
        \d+\ comments?|no\ comments|leave\ a\ (?:comment|reply)|view\ comments|share\ (?:this|on|via|article|story|post).{0,30})
    |(?:image|photo|picture|video)\ ?(?:\d+\ of\ \d+)?|\d+\ ?(?:/|of)\ ?\d+|view\ (?:gallery|image).{0,30}|(?:loading|please\ wait)\W*|enlarge(?:\ this)?\ image|toggle\ caption|hide\ caption|play\ video|watch(?:\ (?:now|video|live))?
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_CHANNELS = (
    "newsletter", "inbox", "email", "e-mail", "daily", "updates", "briefing", "alerts", "posteingang", "boîte", "correo", "boletín",
    "notíci", "nieuwsbrief", "nyhetsbrev", "nyhedsbrev", "uutiskirj", "рассылк", "розсилк", "telegram", "whatsapp", "канал", "bülten",
    "电子报", "電子報", "メルマガ", "뉴스레터",
)  # fmt: skip
_SIGN_UP = re.compile(
    r"sign(?:ing)?[ -]?up|subscri|register|get (?:our|the)|join (?:our|the)|abonnier|anmeld|melden? (?:dich|sie sich)|inscri|s['’]abonn|abonnez|"
    r"suscr|suscríb|assine|iscriviti|abbonati|schrijf je in|prenumer|tilmeld|meld deg|tilaa|zapisz się|"
    r"подпис|підпис|abone ol|订阅|訂閱|登録|구독"
)
_FOLLOW = re.compile(
    r"(?:follow|like|find|join) us (?:on|at) |(?:download|get) (?:the|our) .{0,30}\bapp\b|(?:this )?site is protected by "
    r"|all rights reserved|(?:copyright|©)\s|we use cookies|accept (?:all )?cookies|(?:enable|turn on) javascript"
)
_SHARE_LINK = re.compile(
    r"\W*(?:(?:share|teilen|partager|compartir|condividi|delen|dela|post|pin|send|save|follow|auf|sur|en|su|on|via|to|with|by|this"
    r"|facebook|fb|twitter|tweet|x|linkedin|whatsapp|telegram|reddit|pinterest|pin it|instagram|flipboard|pocket|bluesky"
    r"|mastodon|threads|viber|vk|ok|line|weibo|wechat|xing|tumblr|messenger|sms|e-?mail|mail|print|drucken|imprimer|imprimir"
    r"|stampa|copy|link|url|rss|feed|comments?|kommentare|\d+|more|mehr|plus|a friend|google news|google|us|teilen|article"
    r"|menu|home|search|login|log in|sign in|subscribe|skip|to|main|content|navigation|next|previous|back|top)\W*)+",
    re.IGNORECASE,
)
RELATED = re.compile(
    r"\W*(?:related(?: (?:article|story|stor(?:y|ies)|articles|content|coverage|news|posts?|reading|topics?|links?|video))?s?"
    r"|(?:read|see|watch|listen)(?: (?:more|also|next|now|on))+|also (?:read|on|see|in)|more (?:on|from|about) .{1,40}"
    r"|more|further reading|recommended(?: reading| stories)?|you may also like|don['’]t miss|(?:most|must) read|in case you missed it"
    r"|(?:lesen sie|lies|mehr) (?:auch|dazu|zum thema|mehr)|siehe auch|auch interessant|weiterlesen|zum thema"
    r"|(?:à )?lire (?:aussi|également|la suite)|voir aussi|sur le même sujet|(?:le[ea]|ve[ar]|mir[ae]) (?:también|también|más)"
    r"|te puede interesar|(?:leia|veja|saiba) (?:também|mais)|leggi (?:anche|di più)|(?:vedi|guarda) anche"
    r"|(?:lees|zie|bekijk) ook|lees (?:meer|verder)|läs (?:också|mer|även)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää)"
    r"|(?:czytaj|zobacz|przeczytaj)(?: (?:też|także|również|więcej))?|(?:čtěte|přečtěte si|čítajte|prečítajte si)(?: také| také| aj| tiež)?"
    r"|читайте(?: также| також| ещё)?|(?:по теме|см\. также|материалы по теме)|ayrıca (?:oku|bak)\w*|ilgili haber\w*"
    r"|olvasta már|citește și|διαβάστε (?:επίσης|ακόμ[αη])|קראו גם|اقرأ أيضا?ً?|baca juga|xem thêm|อ่านเพิ่มเติม|อ่านข่าว.*"
    r"|相关(?:阅读|新闻|文章|报道)|延伸閱讀|關連記事|関連記事|あわせて読みたい|관련 ?(?:기사|뉴스))\W*",
    re.IGNORECASE,
)
"""Matches the label before links to other articles; a full match is the label alone."""

_PHOTO_LABEL = r"(?:photos?|photograph(?:s|y|er)?|images?|pictures?|pic|illustrations?|graphics?|credits?|courtesy|fotos?|bild(?:er|rechte|quelle)?|foto(?:graf|grafía|grafia)?|crédits?(?: photo)?|imagen|imagem|immagine|beeld|zdjęcie|kuva|фото|архив|写真|图片?|圖|사진|صورة|תמונה|צילום|φωτογραφία|fotoğraf)"
_CREDIT = re.compile(
    rf"\W*(?:{_PHOTO_LABEL}(?:\s+(?:by|from|von|par|por|de|di|av|via|courtesy of|credit)\b|\s*[:：©/|])|©|\(c\)\s|via\s+(?:ap|reuters|getty|afp|epa)\b|courtesy\s)",
    re.IGNORECASE,
)
_CREDIT_IN_BRACKETS = re.compile(
    rf"[(\[]\s*({_PHOTO_LABEL}\b[^()\[\]]{{2,100}}|[^()\[\]]{{2,60}}\s?(?:photo|foto|getty images)\b[^()\[\]]{{0,60}}|[^()\[\]/]{{2,40}}/[^()\[\]]{{2,60}})\s*[)\]]\.?$",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"[.!?]\s+\w+\s+\w+\s+\w+")
_HASHTAGS = re.compile(r"(?:\s*#[\w/-]+[\s,;|]*)+")


def is_boilerplate(block: Block) -> bool:
    """Whether a block is an advertisement's place, a link for sharing, an invitation to subscribe or the like."""
    text = block.text
    if not text or len(text) > MAX_CHARACTERS:
        return False
    if is_label(text):
        return True
    if (len(text) < 120 or ((block.strong or block.emphasised) and block.all_marked)) and is_invitation(text):
        return True
    return bool(block.links) and block.only_links and all(_SHARE_LINK.fullmatch(link) for link, _ in block.links)


def is_label(text: str) -> bool:
    """Whether a line marks the place of an advertisement, a button or the like."""
    return len(text) <= 80 and _WHOLE.fullmatch(text) is not None


def is_invitation(text: str) -> bool:
    """Whether a line invites to follow, to subscribe or the like."""
    lower = text.lower()
    return bool(_FOLLOW.match(lower) or (any(map(lower.__contains__, _CHANNELS)) and _SIGN_UP.search(lower)))


def is_photo_credit(text: str) -> bool:
    """Whether a line is a photo's credit and no more."""
    return len(text) < 160 and bool(_CREDIT.match(text)) and not _SENTENCES.search(text)


def related_links(block: Block) -> list[str] | None:
    """The articles a block points to if it is a "Related: …" and nothing else; None otherwise.

    An empty list stands for the label alone, which announces a list.
    """
    text = block.text
    if len(text) > 600:
        return None
    label = RELATED.match(text)
    if not label or label.end() == 0:
        return None
    said = text[: label.end()].rstrip()
    if RELATED.fullmatch(text):
        return [] if not block.links else [link for link, _ in block.links if link.strip()]
    if not block.links:
        return None
    rest = text[label.end() :]
    for link, _ in block.links:
        rest = rest.replace(link, " ", 1)
    if re.search(r"[^\W_]{2}", rest) or not said.endswith((":", "：", ">", "»", "|", "-", "–", "—", ".", "→")):
        return None
    return [link for link, _ in block.links if link.strip()]


def hashtags(text: str) -> list[str] | None:
    """The tags of a block that is nothing but #tags."""
    if text.startswith("#") and _HASHTAGS.fullmatch(text):
        return re.findall(r"#([\w/-]+)", text)
    return None


def caption_of(block: Block, after_image: bool) -> tuple[str, str] | None:
    """(caption, credit) if a block is what stands below a picture; either may be empty.

    It is when it ends in a credit set in bold or italics ("Yuri Ivanov. **Jane Doe / Agency**"), when it is a credit,
    or, below an image, when it ends in a credit in brackets or is set in italics as a whole.
    """
    text = block.text
    if not text or len(text) > 600:
        return None
    marked = max((*block.strong, *block.emphasised), default=None)
    if marked and marked[1] >= len(text) - 1 and marked[0] > 0:
        credit = text[marked[0] :].strip()
        caption = text[: marked[0]].strip()
        if len(credit) < 120 and is_credit(credit) and _names_somebody(credit):
            return caption, credit
    if is_photo_credit(text):
        return "", text
    if after_image and text[-2:].strip(".")[-1:] in (")", "]") and (bracketed := _CREDIT_IN_BRACKETS.search(text)):
        return text[: bracketed.start()].strip(), bracketed[1].strip()
    if after_image and block.all_marked:
        return text, ""
    return None


def _names_somebody(credit: str) -> bool:
    """Whether a credit holds a name or an agency, and is not just a word such as "by" that a sentence stresses."""
    words = credit.strip(" ()[].,:;!?*_").split()
    if len(words) == 1:
        return words[0].casefold() not in BY and not words[0].islower() and is_agency(words[0])
    return any(not word[0].islower() or is_agency(word) for word in words[1:])


def is_credit(text: str) -> bool:
    """Whether a text names a photographer and an agency, or says that it is a credit."""
    if _CREDIT.match(text):
        return True
    parts = re.split(r"\s*[/|]\s*|\s+via\s+|,\s*", text.strip(" ()[].*_"))
    if len(parts) > 1:
        return all(looks_like_name(part) or is_agency(part) for part in parts if part)
    return is_agency(parts[0])
