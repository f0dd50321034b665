"""What the names that a page gives its elements (classes, ids, roles) tell of them, in the languages people name them in."""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

NONE, BODY, COMMENTS, CAPTION, ASIDE, HIDDEN, AUTHOR, IMAGE, MINOR = range(9)
"""Signs: nothing known, the text of the article, what readers wrote, what stands below pictures, what is no part of the
article (menus, advertisements, teasers, footers), what is not shown, who wrote it, a picture with its words, and what is
no part of the article if it is short."""

MAX_NAMES = 300
"""Characters of the names of one element that are looked at."""

# Words of names. Two and three that stand together in a name ("article-body", "articleBody") count as one word.
_WORDS = {
    COMMENTS: """comment comments commentlist commentarea commentsection disqus respond reply replies kommentar kommentare kommentarer
        komentar komentarze komentare kommentit comentario comentarios commentaire commentaires commenti reacties reaktionen leserbrief
        leserbriefe livefyre yorum yorumlar""",
    CAPTION: """caption captions credit credits bildunterschrift bildtext legende copyright bildnachweis bildzeile piedefoto bildetekst
        billedtekst bijschrift didascalia leyenda podpis""",
    ASIDE: """sidebar sidebars sidecol sidecolumn sidenav related trending mostread mostpopular mostviewed popular popularposts
        meistgelesen masleidas lomasleido pluslus subscribe subscription signup share sharing shares sharer teilen compartir partager
        condividi compartilhe delen addthis sociable promo promos advert adverts ad ads adslot adbox adcontainer adwrapper adsbygoogle
        anzeige anzeigen werbung publicidad publicite reklam reklama annons sponsor sponsors sponsored popup overlay modal pagination
        pager paging menu menus nav navi navigation navbar subnav sitefooter masthead toolbar toolbars authorbox authorbio
        authorinfo authorcard autorenbox aboutauthor aboutauthors tagcloud taglist skiplink sronly screenreadertext visuallyhidden login
        morefrom morestories morenews readmore readnext upnext nextarticle alsoread weiterlesen prevnext noprint noprint printonly
        dprintblock visibleprint cta calltoaction bio entryutility entryfooter postfooter postmetadata articlefooter poll factbox
        factboxes inlinetextbox textbox citate pushlayer pushnotification notification notifications supportus appstore appstores
        audioplayer videoplayer mediaplayer podcastplayer""",
    BODY: """articlebody articlecontent articletext articlecopy entrycontent postcontent postbody posttext storybody storycontent
        storytext bodytext bodycopy artikeltext artikelinhalt newstext newsbody newscontent textonota notatexto cuerponoticia
        cuerponota textonoticia noticiatexto corponoticia fieldnamebody nodecontent contentbody maintext articlemain
        fulltext corpsarticle articlecorps testoarticolo articolotesto artikelbody materiaconteudo""",
    AUTHOR: """author authors autor autoren autores autorin auteur autore writer vcard""",
    IMAGE: """image images img photo photos picture visual figure thumbnail bild bilder foto fotos imgtop""",
    MINOR: """widget widgets meta metadata info infos teaser teasers teaserbox tag tags topic topics keyword keywords byline dateline
        date timestamp published rating ratings gallery slider carousel slideshow swiper header head kicker toc tableofcontents
        inhaltsverzeichnis profile toggle dropdown banner disclaimer box card cards button buttons btn tool tools feedback search suche
        partner partners shop productbox price""",
}  # fmt: skip
_BEGINNINGS = {
    ASIDE: """recommend recirc relacionad related newsletter social sharebar sharethis sharebutton sharedaddy addthis yarpp promotion
        advertisement taboola outbrain cookie consent gdpr breadcrumb footer postnav infobox infokasten donat spenden jprelatedposts""",
    BODY: "articlebody articlecontent storybody",
    AUTHOR: "saboxplugin",
    MINOR: "rating",
}  # fmt: skip
_ENDINGS = {CAPTION: "caption captions", ASIDE: "sidebar newsletter breadcrumbs modal"}
_PICTURES = "img image photo bild picture foto slide media"
_BELOW_PICTURES = "desc description text info meta metadata title legend credit credits copyright source author footer"

_ORDER = {sign: number for number, sign in enumerate((COMMENTS, CAPTION, ASIDE, BODY, AUTHOR, IMAGE, MINOR, NONE))}
_SIGNS = {word.lower(): sign for sign in reversed(_ORDER) for word in _WORDS.get(sign, "").split()} | {
    picture + word: CAPTION for picture in _PICTURES.split() for word in _BELOW_PICTURES.split()
}
_PREFIXES = [(tuple(words.split()), sign) for sign, words in _BEGINNINGS.items()]
_SUFFIXES = [(tuple(words.split()), sign) for sign, words in _ENDINGS.items()]

_ASIDE_ROLES = frozenset(
    "navigation contentinfo search menu menubar toolbar dialog alertdialog banner complementary".split()
)
_UNSHOWN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")
_STATES = ("has-", "no-", "with-", "without-", "category-", "tag-")
"""Beginnings of classes that say what a page has or is about, and not what the element is."""


@lru_cache(maxsize=16_384)
def sign_of(names: str) -> int:
    """The sign in the names of an element, several being separated by white space: the strongest of their words'."""
    best = NONE
    for name in names.split():
        if name.startswith(_STATES) and "".join(_WORD.findall(name.lower())) not in _SIGNS:
            continue
        words = _WORD.findall(_CAMEL.sub("-", name).lower())
        if "embed" in words:
            continue  # a post of a social network in an article is part of it
        for number, word in enumerate(words):
            pair = word + words[number + 1] if number + 1 < len(words) else word
            triple = pair + words[number + 2] if number + 2 < len(words) else pair
            for each in dict.fromkeys((word, pair, triple)):
                sign = _SIGNS.get(each, NONE)
                if sign == NONE:
                    sign = next((found for start, found in _PREFIXES if each.startswith(start)), NONE)
                if sign == NONE and each is word:
                    sign = next((found for end, found in _SUFFIXES if each.endswith(end)), NONE)
                if _ORDER[sign] < _ORDER[best]:
                    best = sign
    return best


def sign_of_element(element: Any, tag: str) -> tuple[int, str]:
    """The sign of an element, and the first of its classes, which it shares with others of its kind."""
    sign = NONE
    classes = names = ""
    for name, value in element.items():
        if name == "class":
            classes = value
        elif name == "id":
            names = value
        elif name == "style":
            if _UNSHOWN_STYLE.search(value):
                sign = HIDDEN
        elif name == "hidden" or (name == "aria-hidden" and value == "true"):
            sign = HIDDEN
        elif name == "role":
            sign = ASIDE if value.lower() in _ASIDE_ROLES and sign == NONE else sign
        elif name == "itemprop" and "articlebody" in value.lower():
            sign = BODY if sign == NONE else sign
        elif name in ("data-component", "data-testid", "data-module") and not names:
            names = value
    if sign == NONE and (classes or names):
        sign = sign_of(f"{classes} {names}"[:MAX_NAMES])
    return _for_tag(sign, tag), classes.split(None, 1)[0] if classes and not classes.isspace() else ""


def _for_tag(sign: int, tag: str) -> int:
    """What the tag adds to the sign in the names, and what cannot be said of such an element."""
    if sign == HIDDEN:
        return sign
    if tag in ("article", "main"):
        return BODY if sign == BODY else NONE
    if tag in ("tr", "td", "th", "tbody", "h1"):
        return sign if sign in (COMMENTS, CAPTION, BODY) else NONE
    if tag in ("p", "li") and sign == BODY:
        return NONE
    if tag in ("footer", "aside"):
        return COMMENTS if sign == COMMENTS else ASIDE
    if tag in ("figure", "figcaption"):
        return CAPTION
    if tag == "form" and sign == NONE:
        return MINOR
    return sign
