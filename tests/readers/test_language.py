"""The language of a text: a line here is a case."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.language_detection import detect


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The ferry does not go today because there is fog on the river, and the man who rows it has gone to bed.",
        ),
        (
            "de",
            "Die Fähre fährt heute nicht, weil Nebel auf dem Fluss liegt, und der Fährmann ist nach Hause gegangen.",
        ),
        (
            "fr",
            "Le bac ne passe pas aujourd'hui parce que le brouillard est sur la rivière, et le passeur est dans son lit.",
        ),
        ("es", "La barca no sale hoy porque hay niebla sobre el río, y el barquero se ha ido a dormir con los demás."),
        ("pt", "A barca não sai hoje porque há nevoeiro sobre o rio, e o barqueiro já foi dormir com os outros."),
        (
            "it",
            "Il traghetto non parte oggi perché c'è la nebbia sul fiume, e il traghettatore è andato a dormire con gli altri.",
        ),
        (
            "nl",
            "De veerpont vaart vandaag niet omdat er mist op de rivier hangt, en de veerman is naar bed gegaan met de krant.",
        ),
        (
            "sv",
            "Färjan går inte i dag eftersom det ligger dimma på floden, och färjkarlen har gått och lagt sig som vanligt.",
        ),
        (
            "da",
            "Færgen sejler ikke i dag, fordi der er tåge på floden, og færgemanden er gået i seng efter at have spist.",
        ),
        ("pl", "Prom dziś nie kursuje, ponieważ nad rzeką jest mgła, a przewoźnik poszedł już spać i nie chce wstać."),
        ("cs", "Přívoz dnes nejede, protože na řece je mlha, a převozník už šel spát a nechce se mu vstávat."),
        ("hu", "A komp ma nem jár, mert köd van a folyón, és a révész már lefeküdt, hogy aludjon egy kicsit."),
        ("tr", "Bugün feribot çalışmıyor, çünkü nehirde sis var ve kayıkçı da bu yüzden eve gitti, ama sonra gelecek."),
        ("fi", "Lautta ei kulje tänään, koska joella on sumua, ja lautturi on jo mennyt nukkumaan niin kuin muutkin."),
        ("ru", "Паром сегодня не ходит, потому что на реке туман, и паромщик уже ушёл спать, как и все остальные."),
        ("uk", "Пором сьогодні не ходить, бо на річці туман, і поромник уже пішов спати, як і всі інші."),
        ("bg", "Днес фериботът не се движи, защото над реката има мъгла, и лодкарят вече е отишъл да спи при своите."),
        ("el", "Το πορθμείο δεν κινείται σήμερα, γιατί υπάρχει ομίχλη στο ποτάμι."),
        ("he", "המעבורת לא יוצאת היום כי יש ערפל על הנהר."),
        ("ar", "لا تعمل العبارة اليوم لأن الضباب على النهر، وقد ذهب الملاح إلى النوم في بيته بعد أن أكل."),
        ("fa", "کشتی امروز حرکت نمی کند چون مه بر روی رودخانه است و قایقران به خانه رفته است تا بخوابد."),
        ("hi", "आज नाव नहीं चल रही है क्योंकि नदी पर कोहरा है और मल्लाह सोने के लिए घर चला गया है।"),
        ("ja", "川に霧が出ているので、今日は渡し船が動かない。"),
        ("zh", "今天渡船不开，因为河上有雾，船夫已经睡了。"),
        ("ko", "강에 안개가 끼어 오늘은 나룻배가 다니지 않는다."),
        ("th", "วันนี้เรือข้ามฟากไม่วิ่งเพราะมีหมอกบนแม่น้ำ"),
        ("vi", "Hôm nay phà không chạy vì có sương mù trên sông, và người lái đò đã đi ngủ từ sớm."),
        ("id", "Kapal itu tidak berangkat hari ini karena ada kabut di sungai, dan tukang perahu sudah pergi tidur."),
    ],
)
def test_the_language_is_told(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "   ", "12345 67 89", "Kestrel", "!!! ???", "Zq Xv Bnm Wrt"])
def test_nothing_is_said_when_unsure(text: str) -> None:
    assert detect(text) == ""


def test_quotations_in_another_language_do_not_decide() -> None:
    english = "He said that it was late and that they should go to the river with him. " * 6
    assert detect(english + "„Die Fähre ist weg“, rief er. " + english) == "en"


@given(st.text(max_size=500))
def test_no_text_is_too_strange(text: str) -> None:
    code = detect(text)
    assert code == "" or (len(code) == 2 and code.isalpha())
