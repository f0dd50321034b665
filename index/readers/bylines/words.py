"""The words of bylines in many languages: data for `names`. All are case-folded."""

from __future__ import annotations


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(" / ") if phrase.strip())


BY = _phrases(
    "by / redaktion: / rédaction: / rédaction : / redacción: / redazione: / written by / words and photos by /"
    " text and photos by / column by / essay by / commentary by / added by / submitted by / shared by / posted"
    " by / published by / story by / text by / words by / report by / reported by"
    " / author / authors / author(s) / contributed by / article by / a guest post by / guest post by"
    " / interview by / op-ed by / opinion by / review by / analysis by / created by / submitted by"
    " / compiled by / presented by / byline / reporting by / von / text von / autor / autorin / autoren"
    " / autor/in / verfasst von / geschrieben von / veröffentlicht von / ein beitrag von / ein artikel von"
    " / eine analyse von / ein kommentar von / ein gastbeitrag von / gastbeitrag von / interview von"
    " / erstellt von / eingestellt von / gepostet von / publiziert von / beitrag von / bericht von / reportage von"
    " / kolumne von / essay von / gastkommentar von / rezension von / kritik von / gespeichert von / foto und"
    " text von / text und foto von"
    " / text und fotos von / text & foto von / text & fotos von / vom"
    " / kommentar von / text / texte / artikel von / aufgezeichnet von / par / écrit par / publié par"
    " / rédigé par / auteur / auteurs / auteure / proposé par / soumis par / propos recueillis par / article de"
    " / posté par / un article de / por / escrito por / publicado por / enviado por / escribe / autora /"
    " autores / texto / texto de"
    " / redactado por / una nota de / escrito en / autor(a) / reportagem de / reportagem / di / a cura di"
    " / scritto da / pubblicato da / autore / testo di / articolo di / postato da / de / door"
    " / geschreven door / gepubliceerd door / tekst / tekst door / redactie / av / skriven av / skrevet av"
    " / skribent / af / skrevet af / publicerad av / forfatter / författare / tekst av / kirjoittanut"
    " / kirjoittaja / teksti / toimittaja / autor tekstu / napisał / napisała / oprac. / opracował"
    " / opracowała / autorzy / przez / dodał / dodane przez / napsal / napsala / autoři / napísal / napísala"
    " / text a foto / szerző / szerzők / írta / scris de / autorul / publicat de / автор / авторы / автори"
    " / автор статьи / текст / написал / написала / подготовил / подготовила / материал подготовил / аутор"
    " / пише / piše / napisao / napisala / autorka / avtor / avtorica / добавил / yazan / yazar / haber"
    " / yazı / γράφει ο / γράφει η / γράφει / συντάκτης / του / της / από / κείμενο / מאת / כתב / כתבה / بقلم"
    " / كتب / كتبت / إعداد / المؤلف / نویسنده / نوشته / تحریر / लेखक / लेखिका / द्वारा / 作者 / 文 / 撰文"
    " / 记者 / 記者 / 來源記者 / 本报记者 / 本報記者 / 通讯员 / 原作者 / 著者 / 執筆者 / 執筆 / ライター"
    " / 取材・文 / 投稿者 / 글 / 글쓴이 / 작성자 / 기자 / tác giả / bởi / người viết / đăng bởi / oleh"
    " / penulis / ditulis oleh / laporan / โดย / ผู้เขียน / เรื่อง / escrit per / autora del / idatzia"
    " / egilea / geschreiben von"
)
"""What stands before the names."""

ALSO_NAMES = frozenset(("de", "di", "oleh", "del"))
"""Words of `BY` that also begin names, such as "De Niro"."""

LABELS = frozenset(
    _phrases(
        "text / texte / texto / tekst / teksti / author / authors / autor / autorin / autoren / auteur"
        " / auteurs / auteure / autore / autora / autores / автор / авторы / автори / текст / haber / yazı"
        " / κείμενο / byline / szerző / szerzők / autorka / avtor / avtorica / autoři / autorzy / author(s)"
        " / autor(a) / reportagem / redactie / oprac. / toimittaja / forfatter / författare / skribent"
        " / egilea / autorul / from / del / penulis / laporan / аутор / yazar / vom / auteur(e) / redaktion: /"
        " rédaction: / rédaction : / redacción: / redazione: / escribe"
    )
)
"""Nouns of `BY`: without a colon they count only before a full name."""

NOT_NAMES = frozenset(
    _phrases(
        "posted / posted on / posted in / published / published on / published in / updated / last updated"
        " / last update / more / read more / more posts / all posts / view comments / comments / comment"
        " / share / follow / profile / about the author / about / size / code / date / time / image / photo"
        " / video / category / tags / tag / filed under / home / search / menu / contact / next / previous"
        " / print / save / reply / subscribe / sign in / log in / min read / veröffentlicht"
        " / veröffentlicht am / geschrieben von / geschrieben / erstellt / erstellt am / aktualisiert / mehr"
        " / alle artikel / zeige alle artikel / archiv anzeigen / vor / uhr / am / kommentar / kommentare"
        " / ein kommentar / kommentieren / teilen / drucken / botschaft / datum / kategorie / schreiber"
        " / leser / community / profil / kontakt / publié / publié le / par / partager / commentaires"
        " / publicado / publicado el / publicado por / compartir / comentarios / actualizado / pubblicato"
        " / pubblicato il / condividi / commenti / gepubliceerd / geplaatst op / delen / опубликовано"
        " / комментарии / поделиться / 読了時間 / 分享 / 来源 / 來源 / 日期 / 时间 / uncategorized"
        " / nombre del / hace / publicado hace / by / von / por / di / last / written / no author / publisher"
        " / sponsored / sponsored content / paid content / advertorial / advertisement / anzeige / gesponserte inhalte"
        " / further information / more information / weitere informationen / mehr informationen / registrieren"
        " / meldung / aktuelle meldung / pressemitteilung / pressemitteilungen / thema des tages / termin / stand"
        " / son güncelleme / ca / zvg / cc by / cc-by / 記者"
    )
)
"""What is found where names are but is none."""

WEEKDAYS = frozenset(
    _phrases(
        "monday / tuesday / wednesday / thursday / friday / saturday / sunday / montag / dienstag / mittwoch"
        " / donnerstag / freitag / samstag / sonnabend / sonntag / lundi / mardi / mercredi / jeudi / vendredi"
        " / samedi / dimanche / lunes / martes / miércoles / jueves / viernes / sábado / domingo / lunedì / martedì"
        " / mercoledì / giovedì / venerdì / sabato / domenica / maandag / dinsdag / woensdag / donderdag / vrijdag"
        " / zaterdag / zondag / pazartesi / salı / çarşamba / perşembe / cuma / cumartesi / pazar / mandag / tirsdag"
        " / onsdag / torsdag / fredag / lørdag / søndag / måndag / tisdag / lördag / söndag"
    )
)
"""The days of the week."""

OTHER_ROLES = _phrases(
    "photo / photos / photograph / photographs / photography / image / images / picture / pictures"
    " / illustration / illustrations / graphics / graphic / video / videos / edited / editing / translated"
    " / translation / fact-checked / reviewed / medically reviewed / foto / fotos / bild / bilder / fotograf"
    " / grafik / grafiken / illustrationen / übersetzung / übersetzt / kamera / crédit / crédits"
    " / crédit photo / traduction / traduit / ilustración / fotografía / fotografie / traducción / imagen"
    " / imágenes / ilustração / traduzione / immagini / illustratie / beeld / vertaling / zdjęcia / фото"
    " / перевод / иллюстрации / фотограф / fotoğraf / fotó / kuva / kuvat / 摄影 / 图 / 图片 / 编辑"
    " / 責任編輯 / 责任编辑 / 写真 / 撮影 / 編集 / 사진"
)
"""What is said of people who did something other than write: "Photos: Ana Pérez"."""

AND = _phrases(
    "and / und / et / och / og / sowie / oraz / és / și / ve / και / и / та / with / mit / avec / con / met"
    " / dan / และ / và / और / و / und weitere / im gespräch mit / in conversation with"
)
"""What stands between two names."""

AND_BETWEEN_NAMES = ("y", "e", "i", "a", "en", "ja", "eta", "in", "ir", "un", "й", "і")
"""What stands between two names but may also be part of one."""

PARTICLES = frozenset(
    _phrases(
        "de / del / della / dello / dei / degli / di / da / das / dos / do / du / des / la / le / las / los"
        " / el / al / bin / ibn / ben / van / von / vom / zu / zur / zum / der / den / dem / ter / ten / te"
        " / tot / op / af / av / y / e / i / d / l / st / und / and / of / the / & / ul / ur / abu / o / in"
        " / 't / pour / für"
    )
)
"""Words of a name that are written small."""

SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))

DEGREES = frozenset(
    _phrases(
        "phd / ph d / md / mba / mph / msc / bsc / ma / ms / ba / bs / jd / llm / rn / do / dds / dvm / mfa"
        " / edd / psyd / rd / cpa / esq / mpa / mha / pharmd / dphil / msw / lcsw / mbbs / frcp / facs / rdn"
        " / ldn / cfa / pe / dr / dipl-ing / m sc / b sc / m a / ing / mgr"
    )
)
"""Academic degrees and qualifications that follow a name, without dots."""

JOBS = frozenset(
    _phrases(
        "reporter / reporters / writer / writers / editor / editors / correspondent / correspondents"
        " / columnist / journalist / journalists / contributor / contributors / producer / photographer"
        " / photojournalist / blogger / intern / fellow / professor / lecturer / critic / analyst / newsroom"
        " / ceo / founder / co-founder / president / director / manager / author / trainee / presenter"
        " / engineer / technologist / scientist / researcher / strategist / economist / attorney"
        " / redakteur / redakteurin / redaktor / redaktorin / korrespondent / korrespondenten / korrespondentin"
        " / reporterin"
        " / journalistin / chefredakteur / chefredakteurin / chefredaktor / volontär / volontärin / autor"
        " / autorin / mitarbeiter / mitarbeiterin / leiter / leiterin / ressortleiter / ressortleiterin"
        " / geschäftsführer / journaliste / rédacteur / rédactrice / correspondant / correspondante"
        " / chroniqueur / periodista / redactor / redactora / corresponsal / colaborador / colaboradora"
        " / reportero / reportera / jornalista / repórter / redator / editora / colunista / giornalista"
        " / corrispondente / redattore / journalista / verslaggever / redacteur / correspondente"
        " / dziennikarz / dziennikarka / redaktorka / novinář / корреспондент / журналист / редактор"
        " / обозреватель / автор / репортер / muhabir / editör / gazeteci / toimittaja / journalisti"
        " / reportar / skribent / krönikör / újságíró / correspondants / correspondantes / corresponsales"
        " / corrispondenti / correspondentes / correspondenten / korrespondentinnen / verslaggeefster / verslaggevers"
        " / envoyé / envoyée / envoyés / envoyées / enviado / enviada / enviados / enviadas / inviato / inviata"
        " / inviati / inviate / stringer / freelancer / pigiste / collaborateur / collaboratrice / collaboratore"
        " / redatora / medewerker / medewerkster"
    )
)
"""Job titles."""

JOB_ENDINGS = (
    "korrespondent", "korrespondentin", "korrespondenten", "redakteur", "redakteurin", "reporterin", "journalistin",
    "correspondent", "verslaggever", "redacteur",
)  # fmt: skip
"""How job titles of several nouns end: "Auslandskorrespondentin"."""

AROUND_JOBS = frozenset(
    _phrases(
        "staff / contributing / senior / freelance / chief / bureau / deputy / managing / guest / special"
        " / head / lead / multimedia / digital / political / business / sports / national / education"
        " / science / technology / community / engagement / newsletter / assistant / associate / executive"
        " / freie / freier / stv / spécial / spéciale / spéciaux / spéciales / especial / especiales / especiais"
        " / speciale / speciali / speciaal / permanent / permanente / our / unser / unsere / unserem / unserer"
        " / unseren / notre / nos / nuestro / nuestra / nuestros / nuestras / nostro / nostra / nostri / nosso"
        " / nossa / nossos / onze / ons"
    )
)
"""What stands around a job title and belongs to it: "Our Senior Business Reporter"."""

SUBJECTS = frozenset(
    _phrases(
        "foreign / home / world / international / local / regional / diplomatic / parliamentary / war / economics"
        " / economic / finance / financial / health / environment / climate / energy / arts / culture / music / film"
        " / food / travel / crime / court / legal / city / defence / defense / security / religion / media / features"
        " / opinion / investigations / investigative / data / consumer / transport / royal / general / assignment"
        " / middle / east / west / north / south / central / northern / southern / eastern / western"
        " / europe / european / asia / asian / africa / african"
        " / america / american / latin / pacific / white / house / us / uk / eu"
    )
)
"""What else a job title may begin with: "Middle East Correspondent". Names of persons may have some of them, too."""

ARTICLES = frozenset("a an the ein eine der die le la un une el una il lo de het een o um".split())
"""What may stand before all of a job title."""

SPECIAL = frozenset(
    _phrases(
        "special / specially / exclusive / exclusively / exklusiv / spécial / spécialement / exclusif / especial"
        " / especialmente / exclusivo / exclusiva / speciale / esclusivo / esclusiva / speciaal / exclusief"
    )
)
"""What a paper's name may follow with a word of `ON_ASSIGNMENT` between: "Special to The Lamp"."""

ON_ASSIGNMENT = frozenset(
    _phrases(
        "in / at / for / from / to / für / aus / bei / beim / im / à / au / aux / en / dans / pour / chez / para / em"
        " / no / na / nos / nas / ao / aos / a / ad / al / alla / agli / per / nel / nella / negli / dal / dalla / te"
        " / voor / uit / bij"
    )
)
"""What stands between somebody's job and its place or its paper."""

OF_JOBS = frozenset(
    _phrases(
        "of / with / on / von / vom / der / des / de / du / d' / del / di / della / dello / dei / delle"
        " / dell' / all' / nell' / dall' / l' / do / da / dos / das / van / op"
    )
)
"""As `ON_ASSIGNMENT`, of words that also begin names."""

GENERIC = frozenset(
    _phrases(
        "admin / administrator / webmaster / staff / editor / editors / editorial / editorial staff"
        " / editorial team / team / news desk / newsdesk / desk / newsroom / staff report / staff reports"
        " / staff reporter / staff writer / web desk / redaktion / die redaktion / online-redaktion"
        " / online redaktion / redaktionsteam / newsredaktion / presse / pressestelle / rédaction"
        " / la rédaction / redacción / redação / da redação / redazione / la redazione / redactie / redakcja"
        " / redakce / redakcia / редакция / редакція / toimitus / redaktionen / szerkesztőség / redacția"
        " / agencias / agencies / agences / agenzia / press release / pressemitteilung / guest / guest author"
        " / gast / gastautor / guest post / contributor / contributors / unknown / anonymous / anonym"
        " / author / autor / user / root / superuser / default / online / web / website / site / news / wire"
        " / wire services / wire reports / by / n/a / none / null / editorial board / 编辑部 / 編輯部"
        " / 編集部 / 편집부 / 小编 / 本站 / 网络 / المحرر / מערכת"
    )
)
"""Names that say no more than "the editors"."""

AGENCIES = frozenset(
    _phrases(
        "afp / agence france-presse / agence france presse / reuters / thomson reuters / ap"
        " / associated press / the associated press / ap news / upi / united press international / bloomberg"
        " / bloomberg news / dow jones / dow jones newswires / tass / itar-tass / ria novosti / interfax"
        " / xinhua / 新华社 / 新華社 / kyodo / kyodo news / 共同通信 / 時事通信 / jiji press / yonhap"
        " / 연합뉴스 / dpa / dpa-afx / sid / epd / kna / apa / ots / news aktuell / ats / keystone-sda / sda"
        " / efe / europa press / agencia efe / ansa / adnkronos / agi / lusa / anp / belga / ntb / tt"
        " / ritzau / stt / pap / čtk / ctk / tasr / mti / agerpres / anadolu / anadolu agency / aa / pti"
        " / ani / ians / antara / bernama / aap / canadian press / the canadian press / pa media"
        " / press association / press trust of india / wam / irna / mehr / sana / efe-epa / epa / getty"
        " / getty images / afp/getty images / ukrinform / unian / apa/dpa / dpa/tmn / afp/ap / ap/afp"
        " / apa/ap / апа / тасс / риа новости / интерфакс / укринформ / prnewswire / pr newswire"
        " / business wire / globenewswire / globe newswire / tribune news service / news agencies / agencias"
    )
)
"""News agencies: they give stories to papers, and their name often stands beside the person's."""

BODIES = _phrases(
    "ministry / department / office / committee / commission / council / institute / bureau / directorate"
    " / directorate-general / faculty / school / ministerium / bundesministerium / ministère / ministerio / ministério"
    " / ministero / departamento / secretaría / secretaria / ministerie"
)
"""What the names of bodies begin with that may have commas and "and" in them: "Ministry of Health and Welfare"."""

BESIDE_NUMBERS = WEEKDAYS | frozenset(
    _phrases(
        "am / pm / at / on / um / uhr / vom / den / le / el / il / em / published / posted / updated / comment"
        " / comments / kommentar / kommentare / commentaires / comentarios / reply / replies / share / shares"
        " / view / views / like / likes / min / mins / minute / minutes / minuten / hour / hours / stunde"
        " / stunden / day / days / week / weeks / ago / read / page / pages / part / chapter / seite / teil / no"
        " / nr / vol / mon / tue / wed / thu / fri / sat / sun"
    )
)
"""Words that make a number beside them that of a day, a time or a count, and no part of a name."""

CHINESE_FAMILIES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭"
    "吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵"
    "孟龙龍万萬段钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文"
)
"""The first characters of the hundred commonest Chinese family names."""

KOREAN_FAMILIES = frozenset("김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진")
"""The commonest Korean family names."""

NOT_NAME_ENDINGS = tuple(
    "報报社网網聞闻台局部室版面誌刊号號訊讯電电信院所会會省市県县区區町村国國州島治済济經育楽乐化学學技論论評评説际際"
    "内外日月年時时分曜午発发布新後前者人家員员法料"
)
"""How names of papers, departments, sections, places and offices end, which stand where a person's name might."""

# What may stand behind a comma in a place ("Dunmarra, Ireland") and looks like an inverted name there.
COUNTRIES = frozenset(
    """afghanistan albania algeria angola argentina armenia australia austria azerbaijan bangladesh belarus
    belgium bolivia bosnia botswana brazil bulgaria cambodia cameroon canada chile china colombia croatia cuba
    cyprus denmark ecuador egypt england estonia ethiopia finland france germany ghana greece greenland
    guatemala haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan
    kazakhstan kenya kosovo kuwait latvia lebanon liberia libya lithuania luxembourg madagascar malaysia mali
    malta mexico moldova mongolia morocco mozambique myanmar namibia nepal netherlands nicaragua nigeria norway
    pakistan panama paraguay peru philippines poland portugal qatar romania russia rwanda scotland senegal
    serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania thailand
    tunisia turkey uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe deutschland
    österreich schweiz frankreich italien spanien irland schottland polen belgique suisse allemagne espagne
    irlande italie españa francia alemania italia irlanda méxico perú brasil""".split()
) | {"south africa", "south korea", "north korea", "new zealand", "saudi arabia", "sri lanka", "costa rica",
     "northern ireland", "united kingdom", "united states", "usa", "u.s", "u.k", "uk"}  # fmt: skip
