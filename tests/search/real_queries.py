"""Queries as people type them, in several languages and with the slips that people make: what hostile ones begin as."""

from __future__ import annotations

from search.query_language.guide import GUIDE

_TYPED = """
coolant leak
coolant leak soyuz
space station leak 2022
what happened to the ferry
who fixed the pump?
how do pumps move coolant
"coolant leak"
"coolant leak" -soyuz
coolant OR ammonia
coolant AND (leak OR spill) NOT drill
title:ferry author:AFP
author:afp date:2022-12
by:"Ana Ruiz" bridge
swing bridge vote council
council votes to keep swing bridge
night train whisper
the night train learns to whisper
why our builds got slow
slow builds cache
tofu shop morning
tofu shop in the morning date:2024
organ tuner rain
organ tuner NEAR/5 rain
pump nobody thanks
eels in the river
river that fell silent
water plant pump maintenance
heat wave city
ferry timetable winter
ferry cancelled storm
train delay apology
re: coolant
fwd: re: bridge vote
std::map vs unordered_map
C++ build times
C# and F#
.net core
node.js memory leak
e-mail from editor@example.org
editor@example.org
https://outer-isles-courier.example/ferry
http://example.com/a?b=c&d=e#f
www.example.org
path/to/file.md
C:\\Users\\me\\notes.txt
~/notes/todo.txt
10.1000/xyz123
ISBN 978-3-16-148410-0
24/7 support
AC/DC concert
5% of people
$100 fine
€20 ticket
#coolant
@afp
rock & roll
rock'n'roll
don't panic
Wójcik's organ
wojciks organ
O'Brien
l'été
l’été où la rivière s’est tue
d'Artagnan
co-operate
cooperate
well-being
U.S. station
U.S.A.
Ph.D. student
1,000 articles
3.5 million
2022-12-20
20.12.2022
12/20/2022
December 2022
last month coolant
coolant since march
date:yesterday
date:"last month" ferry
date:2020..2022 bridge
date:-30d..
date:>=2023 ferry
date:2022-Q4
date:[2022-06-01 TO 2022-12-31] coolant
date:Dezember
has:author ferry
-has:date
has:tags
lang:de
lang:german bahnhof
lang:fr rivière
source:2023/**
source:*.jsonl ferry
folder:corpus/2023 train
section:world leak
section:"World" leak
author:="AFP"
extra:Kommersant
title:(station OR ferry)
title:"swing bridge"
title:[ferry TO garden]
author:<b
astro*
*ation
sta?ion
[ct]ool*
coolent~
coolent~2
coolent~2/3
soyus~1 leak
r"pump(s|ing)"
r"[a-c].*t"
"coolant crew"~9
~"coolant leaks"
=leak
=Leak station
ferry^3 OR bridge
coolant ANDMAYBE soyuz
coolant ANDNOT soyuz
(ferry OR bridge) water
((ferry)) AND ((bridge OR (water)))
coolant and leak
coolant or leak
not coolant
NOT coolant
-coolant
+coolant +leak
+coolant -leak
- coolant
coolant - leak
coolant -- leak
coolant, leak; station
coolant. Leak! Station?
COOLANT LEAK
CoOlAnT
coolant  leak
coolant	leak
"coolant
coolant"
(coolant
coolant)
“coolant leak”
„Bahnhofsuhr von Niederau“
«la rivière»
'coolant leak'
`coolant`
*
**
?
""
()
to be or not to be
the of and
a
i
die bahnhofsuhr von niederau
Bahnhofsuhr
bahnhof uhr
Straße
strasse
Züge und Brücken
Gärten über der Stadt
wer repariert die Uhr?
wie alt ist die Bahnhofsuhr in Niederau
Wasserwerk Pumpe
autor:schmidt brücke
titel:Uhr
la rivière
ete riviere
où est passée la rivière ?
qui a voté pour le pont
pont tournant conseil
trains de nuit
auteur:AFP eau
¿dónde está el puente?
el puente giratorio
niño montaña
señal de tren
barco y puente
trem noturno
ponte giratória
treno notturno
il ponte e l'acqua
perché la pompa
nattåg viskar
broen og færgen
ølreklame på færgen
nachttrein fluistert
köprü ve su
İstanbul ISTANBUL ıslak
most nad rzeką
żółta łódź
řeka a most
folyó és híd
мост и река
ночной поезд
утечка охладителя на станции
кто починил насос
автор:ТАСС станция
міст через річку
γέφυρα και ποτάμι
το τρένο της νύχτας
גשר ומים
جسر فوق النهر
القطار الليلي
قطار شب
नदी और पुल
रात की ट्रेन
สะพานและแม่น้ำ
夜行列車
東京の朝
東京大学 朝
橋と川の話
豆腐屋 朝
北京 大学
冷却剂泄漏
空间站 冷却剂
서울 다리
밤 기차
기차가 속삭인다
cầu và sông
tàu đêm
daraja na maji
jembatan dan air
😀 leak
coolant 🚀
ﬁsh and ﬂood
ｃｏｏｌａｎｔ ｌｅａｋ
𝔘𝔫𝔦
café
cafe\u0301
naïve coöperation
"north wire" brief
northwire briefs 2024
section:briefs storm
coolant leak AND
OR leak
AND
OR OR OR
NOT NOT leak
leak NEAR bridge
leak NEAR/0 bridge
title:coolant NEAR/3 title:leak
near/5
author:
author: AFP
date:
date:soon
tilte:ferry
bridge:swing
coolant^
coolant^2
coolant^0
coolant^1e9
coolant~99
"coolant leak"~999999
coolant\\ leak
\\"coolant\\"
{coolant TO leak}
[coolant TO leak}
[* TO leak]
[coolant TO *]
>coolant
<=coolant
"""

REAL_QUERIES: tuple[str, ...] = (
    *(row.query for rows in GUIDE.values() for row in rows),
    *(line for line in _TYPED.splitlines() if line),
)
"""Those of the table in the README, and others."""
