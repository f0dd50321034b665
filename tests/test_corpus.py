"""Golden test: what every file of `corpus/` gives when it is read.

To add a file: put it in `corpus/` and add one `pytest.param` here, with its path as id.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from index import read
from index.document import Document

CORPUS = Path(__file__).parent.parent / "corpus"
SEED = "russian-space-chief-praises-us.md"


@dataclass(frozen=True)
class Golden:
    """What one document must hold: every value as its file gives it, and the two ends of its body."""

    title: str
    authors: tuple[str, ...]
    date: dt.date | None
    url: str
    language: str
    first: str
    last: str

    def check(self, document: Document) -> None:
        """Compares all values but the body's middle, and names both sides when they differ."""
        found = Golden(
            document.title,
            document.authors,
            document.date,
            document.url,
            document.language,
            document.body[: len(self.first)],
            document.body[-len(self.last) :],
        )
        assert found == self


ARTICLES = [
    pytest.param(
        SEED,
        Golden(
            "Russian Space Chief Praises U.S. After ISS Coolant Leak",
            ("AFP",),
            dt.date(2022, 12, 20),
            "https://www.themoscowtimes.com/2022/12/20/russian-space-chief-praises-us-after-iss-coolant-leak-a79752",
            "en",
            "The head of Russian space agency",
            "aboard a SpaceX spacecraft.",
        ),
        id=SEED,
    ),
    pytest.param(
        "2019-11-07-council-votes-to-keep-swing-bridge.txt",
        Golden(
            "Council Votes 7-4 to Keep the Swing Bridge",
            ("Walter Okonkwo-Hayes",),
            dt.date(2019, 11, 7),
            "",
            "en",
            "PORT ELLERY, Wash. -- After five hours of testimony",
            "stood in the cold together and waited.",
        ),
        id="2019-11-07-council-votes-to-keep-swing-bridge.txt",
    ),
    pytest.param(
        "2021-06-11-the-night-train-learns-to-whisper.md",
        Golden(
            "The Night Train Learns to Whisper",
            ("Dario Benedetti",),
            dt.date(2021, 6, 11),
            "https://slow-lines.example/rail/the-night-train-learns-to-whisper",
            "en",
            "The sleeping car stands by itself in a shed outside Novara",
            'Then it is what they paid for."',
        ),
        id="2021-06-11-the-night-train-learns-to-whisper.md",
    ),
    pytest.param(
        "2021-12-05-die-bahnhofsuhr-von-niederau.md",
        Golden(
            "Die Bahnhofsuhr, die niemand stellen wollte",
            ("Friederike Löwenthal",),
            dt.date(2021, 12, 5),
            "",
            "de",
            "Wer in Niederau an der Werle aus dem Zug steigt",
            "dessen Uhr vollkommen richtig ging.",
        ),
        id="2021-12-05-die-bahnhofsuhr-von-niederau.md",
    ),
    pytest.param(
        "2022-09-15-why-our-builds-got-slow.md",
        Golden(
            "Why Our Builds Got Slow, and What We Deleted",
            (),
            dt.date(2022, 9, 15),
            "",
            "en",
            "In the spring of 2019 a full build of our product took four minutes.",
            "meaning for months to suggest that it be deleted.",
        ),
        id="2022-09-15-why-our-builds-got-slow.md",
    ),
    pytest.param(
        "2023/2023-03-02-what-a-space-station-does-with-its-heat.md",
        Golden(
            "What a Space Station Does With Its Heat",
            ("Priya Ramanathan",),
            dt.date(2023, 3, 2),
            "",
            "en",
            "Ask a child what it is like in space",
            "would be the afterglow of somebody's coffee.",
        ),
        id="2023/2023-03-02-what-a-space-station-does-with-its-heat.md",
    ),
    pytest.param(
        "2023/last-ferry-to-skarholm.md",
        Golden(
            "The Last Ferry to Skarholm Sails on Time",
            ("Ingrid Halvorsen",),
            dt.date(2023, 9, 30),
            "https://www.outer-isles-courier.example/ships/2023/09/30/last-ferry-to-skarholm",
            "en",
            "At ten minutes to six on Friday evening",
            "with their headlights on, somebody had already filled it.",
        ),
        id="2023/last-ferry-to-skarholm.md",
    ),
    pytest.param(
        "2024-05-21-the-pump-nobody-thanks.md",
        Golden(
            "The Pump Nobody Thanks",
            ("Maeve O'Brien", "Tomasz Wójcik"),
            dt.date(2024, 5, 21),
            "",
            "en",
            "Before you may stand beside Pump Three at the Kestrel Point power station",
            "he told us a little sheepishly, mending the dishwasher.",
        ),
        id="2024-05-21-the-pump-nobody-thanks.md",
    ),
    pytest.param(
        "2024-11-03-tofu-shop-morning.md",
        Golden(
            "午前三時の豆腐屋",
            ("高梨みどり",),
            dt.date(2024, 11, 3),
            "",
            "ja",
            "午前三時、商店街でただ一つ明かりのついている店がある。",
            "「昨日よりはいい。明日のほうが、もっといいと思いますよ」",
        ),
        id="2024-11-03-tofu-shop-morning.md",
    ),
    pytest.param(
        "an-organ-tuner-listens-to-the-rain.md",
        Golden(
            "An Organ Tuner Listens to the Rain",
            ("Tobias Achterberg",),
            dt.date(2020, 8, 12),
            "https://loft-and-nave.example/2020/08/organ-tuner-rain",
            "en",
            "Marguerite Delacroix-Ndiaye arrives at a church",
            "the robot answered with a low, steady F sharp.",
        ),
        id="an-organ-tuner-listens-to-the-rain.md",
    ),
    pytest.param(
        "l-ete-ou-la-riviere-s-est-tue.txt",
        Golden(
            "L’été où la rivière s’est tue",
            ("Éloïse Garrigou",),
            dt.date(2022, 7, 18),
            "",
            "fr",
            "À Saint-Véran-sur-Orle, on ne remarque pas tout de suite",
            "là où le courant était le plus fort, et il attend.",
        ),
        id="l-ete-ou-la-riviere-s-est-tue.txt",
    ),
    pytest.param(
        "saved-pages/divers-count-the-eels-of-lake-varn.html",
        Golden(
            "Divers Count the Eels of Lake Varn, One Torch Beam at a Time",
            ("Rosalind Achebe",),
            dt.date(2022, 6, 18),
            "https://www.varn-ledger.example/science/2022/06/18/divers-count-the-eels-of-lake-varn",
            "en",
            "The rules of the eel count fit on a waterproof card.",
            "She had written 31.",
        ),
        id="saved-pages/divers-count-the-eels-of-lake-varn.html",
    ),
    pytest.param(
        "saved-pages/hill-race-lanterns.html",
        Golden(
            "The race that nobody may win by daylight",
            ("Callum Fairweather",),
            dt.date(2025, 1, 19),
            "https://fellside-review.example/running/race-that-nobody-may-win-by-daylight/",
            "en",
            "At four o’clock on the shortest Saturday of the year",
            "and told me that there was soup.",
        ),
        id="saved-pages/hill-race-lanterns.html",
    ),
    pytest.param(
        "the-soup-that-outlived-its-recipe.md",
        Golden(
            "The Soup That Outlived Its Recipe",
            ("Ines Calloway",),
            None,
            "",
            "en",
            "My grandmother's soup has been described to me by five people",
            "I promised not to look until I'm old.",
        ),
        id="the-soup-that-outlived-its-recipe.md",
    ),
]

BRIEFS = "northwire-briefs-2024.jsonl"
BRIEF_DOCUMENTS = [
    Golden(
        "Data Center Goes Dark for 47 Minutes After a Pump Stops",
        ("Hollis Nakagawa",),
        dt.date(2024, 1, 16),
        "https://briefs.northwire.example/2024/01/data-center-pump",
        "en",
        "A data center that serves hospitals",
        "He retired in November.",
    ),
    Golden(
        "E.U. Agrees on a Common Plug for Garden Hoses",
        ("Benoît Verhaeghe",),
        dt.date(2024, 2, 8),
        "https://briefs.northwire.example/2024/02/hose-plug",
        "en",
        "After eleven years of negotiation",
        "did not wish to draw attention to it.",
    ),
    Golden(
        "Lost Cello Suite Turns Out to Be a Laundry List",
        ("Cosima Reyes-Whitlock",),
        dt.date(2024, 3, 27),
        "https://briefs.northwire.example/2024/03/laundry-suite",
        "en",
        "A manuscript announced in January",
        "consists of tablecloths.",
    ),
    Golden(
        "Icebreaker Frees Trawler, Then Gets Stuck",
        ("Signe Haugland", "Peter O'Rourke"),
        dt.date(2024, 4, 11),
        "https://briefs.northwire.example/2024/04/icebreaker",
        "en",
        "The icebreaker Polarlys II reached a trawler",
        "there had been no leak of fuel.",
    ),
    Golden(
        "Chess Club for the Over-Nineties Needs a Bigger Room",
        ("Delphine Marchetti",),
        dt.date(2024, 5, 30),
        "https://briefs.northwire.example/2024/05/chess-nineties",
        "en",
        "The Tuesday chess club at the Alder Street library",
        "which of the proposals was seconded.",
    ),
    Golden(
        "Café Owner Wins Right to Call It Soup",
        ("Zoë Castellanos-Byrne",),
        dt.date(2024, 6, 19),
        "https://briefs.northwire.example/2024/06/right-to-soup",
        "en",
        "A café in Marrow Bay",
        "and was seen in the queue.",
    ),
]


@cache
def documents(name: str) -> tuple[Document, ...]:
    """The documents of one corpus file."""
    return tuple(read(CORPUS / name))


def only(name: str) -> Document:
    """The document of a corpus file that holds one article."""
    (document,) = documents(name)
    return document


@pytest.mark.parametrize(("name", "golden"), ARTICLES)
def test_a_file_with_one_article_gives_that_article(name: str, golden: Golden) -> None:
    golden.check(only(name))


@pytest.mark.parametrize("number", range(len(BRIEF_DOCUMENTS)), ids=lambda number: f"{BRIEFS}#{number + 1}")
def test_each_line_of_json_gives_one_article(number: int) -> None:
    found = documents(BRIEFS)
    assert len(found) == len(BRIEF_DOCUMENTS)
    BRIEF_DOCUMENTS[number].check(found[number])
    assert found[number].source.endswith(f"{BRIEFS}#{number + 1}")


def test_every_corpus_file_is_in_the_tables() -> None:
    files = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file()}
    assert {param.id for param in ARTICLES} | {BRIEFS} == {
        name for name in files if not any(part.startswith(".") for part in name.split("/"))
    }


def test_the_folder_gives_what_its_files_give() -> None:
    skipped: list[tuple[str, str]] = []
    found = read(CORPUS, on_skip=lambda source, reason: skipped.append((source, reason)))
    assert skipped == []
    one_by_one = {str(param.id): only(str(param.id)) for param in ARTICLES}
    one_by_one |= {f"{BRIEFS}#{number}": document for number, document in enumerate(documents(BRIEFS), start=1)}
    assert {document.source: document.body for document in found} == {
        source: document.body for source, document in one_by_one.items()
    }
    assert len(found) == len({document.id for document in found}) == len(ARTICLES) + len(BRIEF_DOCUMENTS)


def test_the_seed_keeps_caption_credit_and_related_link_out_of_its_body() -> None:
    seed = only(SEED)
    for name, text in (
        ("caption", "Roscosmos State Corporation General Director Yuri Borisov"),
        ("credit", "Dmitry Dukhanin / Kommersant"),
        ("related", "Tiny Meteorite May Have Caused Leak from Soyuz Capsule"),
    ):
        value = seed.extra[name]
        assert text in (value if isinstance(value, str) else "\n".join(value))
        assert text not in seed.body
    for line in ("By AFP", "December 20, 2022", "Related article", "Original url", "themoscowtimes"):
        assert line not in seed.body
    assert seed.body.split("\n\n")[1].startswith('"Say hello to the entire American team.')
    assert len(seed.body.split("\n\n")) == 15


FURNITURE = [
    pytest.param(
        "saved-pages/divers-count-the-eels-of-lake-varn.html",
        [
            "cookies",
            "Skip to main",
            "Printed on Thursdays",
            "Classifieds",
            "Subscribe",
            "Science Editor",
            "June 20, 2022",
            "Share on Facebook",
            "Piet van Houten",
            "Related stories",
            "Mill dam removal delayed",
            "Filed under",
            "newsletter",
            "Most read",
            "Goose suspected",
            "late brother",
            "potholes",
            "Log in",
            "Privacy policy",
            "All rights reserved",
            "dataLayer",
        ],
        id="saved-pages/divers-count-the-eels-of-lake-varn.html",
    ),
    pytest.param(
        "saved-pages/hill-race-lanterns.html",
        [
            "cookies",
            "maps and mugs",
            "Callum Fairweather",
            "19 January 2025",
            "You might also like",
            "cloud inversions",
            "Posted in",
            "ladder stile",
            "Hoar frost",
            "responses to",
            "flapjacks",
            "red filter",
            "Leave a reply",
            "Recent posts",
            "Gaiters",
            "December 2024",
            "spare bedroom",
        ],
        id="saved-pages/hill-race-lanterns.html",
    ),
    pytest.param(
        "an-organ-tuner-listens-to-the-rain.md",
        ["Skip to content", "Tobias Achterberg", "Updated", "Share this article", "Print", "Advertisement", "Source"],
        id="an-organ-tuner-listens-to-the-rain.md",
    ),
    pytest.param(
        "2021-06-11-the-night-train-learns-to-whisper.md",
        ["Dario Benedetti", "2021-06-11", "Advertisement", "Source", "#rail", "#clippings", "---"],
        id="2021-06-11-the-night-train-learns-to-whisper.md",
    ),
    pytest.param(
        "2023/last-ferry-to-skarholm.md",
        ["clippings", "[[", "created", "sankt-olav.jpg", "published"],
        id="2023/last-ferry-to-skarholm.md",
    ),
]


@pytest.mark.parametrize(("name", "pieces"), FURNITURE)
def test_page_furniture_is_not_in_the_body(name: str, pieces: list[str]) -> None:
    file, body = (CORPUS / name).read_text(encoding="utf-8"), only(name).body
    assert [piece for piece in pieces if piece not in file] == []
    assert [piece for piece in pieces if piece in body] == []


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        pytest.param(
            "saved-pages/divers-count-the-eels-of-lake-varn.html",
            ["A long way to come", "“You don’t feel the decline,”", "roughly how many", "It cost $3,800.", "Why not a"],
            id="saved-pages/divers-count-the-eels-of-lake-varn.html",
        ),
        pytest.param(
            "saved-pages/hill-race-lanterns.html",
            ["Slow is quick", "He is a beekeeper. He walked.", "It still is.", "three places.", "two of them close"],
            id="saved-pages/hill-race-lanterns.html",
        ),
        pytest.param(
            "2022-09-15-why-our-builds-got-slow.md",
            ['echo "$(( $(date +%s) - start )) $*"', "final-check-2, which slept", "Measure first, argue later"],
            id="2022-09-15-why-our-builds-got-slow.md",
        ),
        pytest.param(
            "the-soup-that-outlived-its-recipe.md",
            ["onions, the good bones, what there is", "A recipe is a letter to someone who already knows."],
            id="the-soup-that-outlived-its-recipe.md",
        ),
    ],
)
def test_the_middle_of_the_article_is_in_the_body(name: str, pieces: list[str]) -> None:
    body = only(name).body
    assert [piece for piece in pieces if piece not in body] == []


def test_front_matter_beside_the_core_fields_is_kept() -> None:
    assert only("2023/2023-03-02-what-a-space-station-does-with-its-heat.md").extra["tags"] == (
        "space",
        "engineering",
        "NASA",
    )
    assert only("2024-05-21-the-pump-nobody-thanks.md").extra["tags"] == ("energy", "nuclear power", "maintenance")


@pytest.mark.parametrize("name", [param.id for param in ARTICLES] + [BRIEFS])
def test_every_value_found_says_which_rule_found_it(name: str) -> None:
    for document in documents(name):
        values = {
            "title": document.title,
            "authors": document.authors,
            "date": document.date,
            "url": document.url,
            "language": document.language,
            "body": document.body,
        } | {f"extra.{name}": value for name, value in document.extra.items()}
        assert {name for name, value in values.items() if value} == set(document.provenance)
