"""Words beside a date that say what it is the date of: publication, an update, a copyright, something else."""

# ruff: noqa: E501
from __future__ import annotations

import re

_LABEL_CHARACTERS = 32

UPDATED = re.compile(
    r"updat|modif|last (?:edit|change)|revised|amended|review(?:ed)? on|last review|aktualis|geändert|bearbeitet|überarbeitet|stand:|stand \d|letzte änderung"
    r"|mis(?:e)? à jour|màj\b|actualiz|actualis|actualitz|aggiorn|atualiz|bijgewerkt|gewijzigd|uppdater|ändrad|oppdater|endret|opdater|ændret|päivitet|muokattu"
    r"|aktualiz|zmienion|ažurir|posodob|frissít|módosít|uuendatud|muudetud|atjaunot|atnaujint|обновл|оновлен|обновен|измен|ажурир|ενημέρ|ενημερώ|güncel|değiştir"
    r"|تحديث|تم التعديل|به‌روز|بروزرسانی|עודכן|עדכון|अपडेट|अद्यतन|diperbarui|pembaruan|dikemas ?kini|cập nhật|อัปเดต|อัพเดต|แก้ไขล่าสุด|更新|修改|수정|업데이트",
    re.IGNORECASE,
)
PUBLISHED = re.compile(
    r"publi|posted|erschienen|veröffentlicht|erstellt|vom\s|datum|date|le\s\d|on\s|am\s\d|written|created|опублик|дата|fecha|pubbl|gepubl|发布|日期|时间",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights", re.IGNORECASE)
OTHERWISE = re.compile(
    r"\b(?:bis|until|till|from|ab|zwischen|between|deadline|termin|born|geboren|geb\.|seit|since)\s*(?:zum|dem)?\s*$"
    # the day a person became a member, in the margin of a post in a forum
    r"|\b(?:regist(?:riert|ered|ration|rado|rato|rada|rován|reret|rerad)|reg\.?(?:[- ]dat(?:e|um))?|joined|join date|member since|beigetreten|mitglied seit|dabei seit|inscri(?:t|ption|pción|ção|to)"
    r"|membre depuis|miembro desde|membro d[ae]l?|lid sinds|geregistreerd|medlem sedan|iscritto|dołączył|rejestracja|зарегистрирован|регистрация|на форуме с|üyelik|katılım|liittynyt)\b[^\w\d]{0,5}(?:am|on|le|il|el|em|dal|den|op|:)?[^\w\d]{0,3}$"
    r"|(?:登録日?|注册(?:时间|于)?|註冊(?:時間|於)?|가입일?)[\s:：]*$",
    re.IGNORECASE,
)
"""Matches a text before a date that is not one of publication, at its end."""

_AFTER = re.compile(r"[\s()\[\]|·,–-]*([^\d|·:]{2,25})[\s()\[\].]*")


def says_updated_after(rest: str) -> bool:
    """Whether a line goes on after a date with nothing but a word for an update: "26.03.2019 (updated)"."""
    match = _AFTER.fullmatch(rest) if rest and len(rest) <= _LABEL_CHARACTERS else None
    return match is not None and UPDATED.search(match[1]) is not None


def label_in(line: str) -> str:
    """A line if it may be the label of what stands in the next: short, without a number, and not of "updates"."""
    short = len(line) <= _LABEL_CHARACTERS and not any(map(str.isdigit, line))
    return line if short and not line.casefold().rstrip(" :").endswith("updates") else ""
