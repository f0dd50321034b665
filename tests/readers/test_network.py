"""Nothing is ever fetched: every format is read where any use of the network is an error, and so are hostile files."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

import json
import socket
import urllib.request
from pathlib import Path

import pytest

from index.readers import read_file
from tests.readers.mutate import cases

ADDRESS = "http://127.0.0.1:9/secret"
ENTITIES = f'<!DOCTYPE x [<!ENTITY near SYSTEM "{{file}}"><!ENTITY far SYSTEM "{ADDRESS}"><!ENTITY % more SYSTEM "{ADDRESS}">%more;]>'
HOSTILE = {
    "links.html": f'<html><head><link rel="stylesheet" href="{ADDRESS}"><base href="{ADDRESS}"><meta http-equiv="refresh" content="0;url={ADDRESS}">'
    f'</head><body><h1>The Harbour</h1><iframe src="{ADDRESS}"></iframe><p>The old ferry crosses the river.<img src="{ADDRESS}"></p></body></html>',
    "entities.html": f"<?xml version='1.0'?>{ENTITIES}<html><body><h1>The Harbour</h1><p>The ferry &near; &far;.</p></body></html>",
    "entities.xml": f"<?xml version='1.0'?>{ENTITIES}<rss version='2.0'><channel><title>Boats</title><item><title>The Harbour</title>"
    "<description>The ferry &near; &far; crosses.</description></item></channel></rss>",
    "stylesheet.xml": f"<?xml version='1.0'?><?xml-stylesheet href='{ADDRESS}'?><!DOCTYPE rss SYSTEM '{ADDRESS}'><rss version='2.0'><channel>"
    f"<title>Boats</title><item><title>The Harbour</title><link>{ADDRESS}</link><description>&lt;img src='{ADDRESS}'&gt; The ferry.</description></item></channel></rss>",
    "includes.rst": "The Harbour\n===========\n\nThe ferry.\n\n.. include:: {file}\n\n.. raw:: html\n   :file: {file}\n\n"
    f".. raw:: html\n   :url: {ADDRESS}\n\n.. csv-table:: T\n   :url: {ADDRESS}\n\n.. csv-table:: T\n   :file: {{file}}\n\n.. image:: {ADDRESS}\n\n.. figure:: {ADDRESS}\n",
    "includes.adoc": f"= The Harbour\n\nThe ferry.\n\ninclude::{{file}}[]\n\ninclude::{ADDRESS}[]\n\nimage::{ADDRESS}[]\n",
    "links.md": f"# The Harbour\n\nThe ferry.\n\n![a]({ADDRESS})\n\n[[{{file}}]] ![[{{file}}]]\n\n<script src='{ADDRESS}'></script>\n",
    "feed.json": json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Boats", "feed_url": ADDRESS, "next_url": ADDRESS,
                             "items": [{"id": "1", "url": ADDRESS, "title": "The Harbour", "content_html": f"<img src='{ADDRESS}'>The ferry."}]}),
    "letter.eml": f"Subject: The Harbour\nContent-Type: message/external-body; access-type=URL; URL=\"{ADDRESS}\"\n\nThe ferry.\n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        pytest.fail(f"the network was asked for something: {args} {options}")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)


@pytest.mark.parametrize("path", [path for paths in cases().values() for path in paths], ids=lambda path: path.name)
def test_golden_files_are_read_without_the_network(path: Path) -> None:
    assert read_file(path, path.name).documents


@pytest.mark.parametrize("name", HOSTILE)
def test_addresses_and_paths_in_a_file_are_not_opened(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy plugh")
    path = tmp_path / name
    path.write_text(HOSTILE[name].replace("{file}", secret.as_uri() if name.startswith("entities") else str(secret)))
    (document,) = read_file(path, name).documents
    assert document.title == "The Harbour"
    assert "xyzzy" not in json.dumps(document.to_dict(candidates=True))
