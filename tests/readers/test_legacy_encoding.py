"""Texts in the encodings of the years before UTF-8, which nothing names: most have but a few letters beyond ASCII."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers import read_file
from index.readers.decoding.encoding import decode
from index.readers.decoding.legacy import guess

TEXTS = {
    "fr": "Par Hélène Lefèvre, le 3 août 2011. Le vieux passeur n’a plus la force de lever les rames, et les jeunes ne veulent pas d’un tel métier. Où ira la barque, l’été prochain ? Ça, personne ne le sait.",
    "pt": "Não há quem queira o barco do João. A ponte, dizem, virá no próximo ano, mas até agora não se vê nem o primeiro pilar, e as crianças vão à escola pelo caminho mais longo.",
    "en": "It was naïve to think that the old ferry would go on for ever, said the teacher over a cup of coffee in the café by the river, and nobody there had anything to say to that.",
    "es": "El barquero dice que este año no volverá al río, porque los remos pesan más que antes. ¿Quién llevará a los niños a la escuela? El puente está prometido desde hace años.",
    "de": "Der alte Fährmann hat in diesem Jahr zum letzten Mal übergesetzt. Die Ruder seien ihm zu schwer, sagt er, und die Jungen möchten eine solche Arbeit nicht. Über die Brücke spricht man jedes Jahr.",
    "it": "Il traghettatore dice che non può più alzare i remi. La gente dell'altra riva va perciò in città per la strada più lunga, e nessuno sa se il ponte si farà.",
    "sv": "Den gamle färjkarlen orkar inte längre lyfta årorna. Bron som skulle stå högre upp utlovas varje år, men här finns ännu inte en enda pelare.",
    "pl": "Stary przewoźnik po raz ostatni spuścił łódź na wodę. Mówi, że nie może już podnieść wioseł, a młodzi nie chcą takiej pracy. Ludzie jeżdżą więc do miasta okrężną drogą.",
    "cs": "Starý převozník letos naposledy spustil svůj člun na vodu. Říká, že už nemůže zvedat těžká vesla, a mladí o tu práci nestojí. Děti chodí do školy přes zamrzlou řeku.",
    "hu": "Az öreg révész idén utoljára tette vízre a ladikját. Azt mondja, hogy már nem bírja emelni a nehéz evezőket, a fiatalok pedig nem kérnek ebből a munkából.",
    "ro": "Bătrânul luntraş spune că nu mai poate ridica vâslele grele, iar tinerii nu îşi doresc o asemenea muncă. Podul este promis în fiecare an, dar până acum nu s-a făcut nimic.",
    "tr": "Yaşlı kayıkçı bu yıl kayığını son kez suya indirdi. Ağır kürekleri artık kaldıramadığını, gençlerin de böyle bir işi istemediğini söylüyor.",
    "ru": "Старый паромщик говорит, что не может больше поднять тяжёлые вёсла, а молодые такой работы не хотят. Мост обещают каждый год.",
    "uk": "Старий поромник каже, що вже не може підняти важкі весла, а молоді такої роботи не хочуть. Міст обіцяють щороку, та його й досі немає.",
    "el": "Ο γέρος περαματάρης λέει ότι δεν μπορεί πια να σηκώσει τα βαριά κουπιά, και οι νέοι δεν θέλουν αυτή τη δουλειά.",
    "lt": "Senasis keltininkas sako, kad nebegali pakelti sunkių irklų, o jaunimas tokio darbo nenori. Tiltas žadamas kiekvienais metais, bet jo vis dar nėra.",
}
PLAIN = str.maketrans("’“”–", '\'""-')


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        *((language, encoding) for language in ("fr", "pt", "en", "es", "de", "it", "sv") for encoding in ("cp1252", "iso8859_1")),
        *((language, encoding) for language in ("pl", "cs", "hu", "ro") for encoding in ("cp1250", "iso8859_2")),
        ("fr", "iso8859_15"), ("tr", "cp1254"), ("ru", "cp1251"), ("ru", "koi8_r"), ("ru", "iso8859_5"), ("ru", "cp866"),
        ("uk", "cp1251"), ("uk", "koi8_u"), ("el", "cp1253"), ("el", "iso8859_7"), ("lt", "cp1257"), ("fr", "mac_roman"), ("de", "cp850"),
    ],
)  # fmt: skip
def test_a_short_text_keeps_its_letters(language: str, encoding: str) -> None:
    text = TEXTS[language] if encoding in ("cp1252", "cp1250", "cp1253") else TEXTS[language].translate(PLAIN)
    decoded = decode(text.encode(encoding), "x")
    assert decoded.text == text
    assert decoded.rule == "detected"


def test_author_and_date_survive_an_old_encoding(tmp_path: Path) -> None:
    path = tmp_path / "bac.txt"
    path.write_bytes(f"La fin du bac\n\nPar Hélène Lefèvre\n3 août 2011\n\n{TEXTS['fr'].translate(PLAIN)}\n".encode("latin-1"))  # fmt: skip
    document = read_file(path, path.name).documents[0]
    assert document.authors == ("Hélène Lefèvre",)
    assert str(document.date) == "2011-08-03"
    assert document.warnings == ("read as cp1252, by guess",)


def test_json_lines_say_when_their_encoding_was_guessed(tmp_path: Path) -> None:
    path = tmp_path / "old.jsonl"
    path.write_bytes(f'{{"title": "Été", "text": "{TEXTS["fr"]}"}}\n'.encode("cp1252"))
    document = read_file(path, path.name).documents[0]
    assert document.title == "Été"
    assert document.warnings == ("read as cp1252, by guess",)


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "iso8859_15"])
def test_where_several_encodings_say_the_same_the_commonest_is_named(encoding: str) -> None:
    found = guess("Über die Brücke gehen die Männer, und sie sind müde.".encode(encoding))
    assert found is not None
    assert found.encoding == "cp1252"


def test_nothing_is_guessed_of_ascii() -> None:
    assert guess(b"Only plain letters") is None


@given(st.binary(max_size=400))
def test_a_guess_never_fails(data: bytes) -> None:
    found = guess(data)
    assert (found is None) == data.isascii()
