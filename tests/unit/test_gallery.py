"""The gallery: every family and level, proven, and a file that loads nothing."""

import random
import re
from base64 import b64decode

from stumper import puzzles
from stumper.cli import main
from stumper.report.gallery import gallery
from stumper.report.pictures import picture


def test_the_gallery_shows_every_family_and_level_proven(tmp_path, capsys):
    out = tmp_path / "pages" / "gallery.html"
    assert main(["gallery", "--out", str(out), "--seed", "3"]) == 0
    page = out.read_text()
    assert capsys.readouterr().out.strip() == str(out)
    for family in puzzles.families():
        room = page.partition(f'<section id="{family}"')[2].partition("</section>")[0]
        assert re.findall(r'class="about">Level (\d)<', room) == list("12345")
        assert room.count(">Proven</strong>") == room.count("← key") == room.count("data:image/svg+xml;base64,") == 5
    assert not re.search(r"<script|https?://(?!www\.w3\.org)|@import|url\(", page)


def test_pictures_without_a_size_get_the_one_of_their_drawing():
    """An <img> of an SVG that has only a viewBox is a dot."""
    for name in puzzles.families():
        question = puzzles.family(name).make(random.Random(1), 2)
        drawn = picture(question)
        assert drawn is not None
        assert re.match(r"<svg [^>]*\bwidth=", b64decode(drawn.source.partition("base64,")[2]).decode())


def test_the_gallery_depends_on_its_seed_alone():
    assert gallery(["series"], 2, 5) == gallery(["series"], 2, 5)
    assert gallery(["series"], 2, 5) != gallery(["series"], 2, 6)
