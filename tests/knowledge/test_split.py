from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.article import Passage
from knowledge.blocks import blocks, outline
from knowledge.split import DETAIL_CHARACTERS, DETAIL_END, LONGEST_HEADING, PASSAGE_CHARACTERS, details, split

PROSE = "Una frase di prova abbastanza lunga da contare. "


def texts(body):
    return [text for _, text in split(body)]


def test_a_table_is_cut_between_rows_and_its_header_comes_with_each_piece():
    rows = [f"| Parcel {number} | to the islands and abroad | {number}.90 euro |" for number in range(80)]
    header = "| What | Where | How much |\n| --- | --- | --- |"
    found = texts(f"Before it.\n\n{header}\n" + "\n".join(rows) + "\n\nAfter it.")
    tables = [one for one in found if "| Parcel" in one]
    assert len(tables) > 1
    assert all(header in one for one in tables)
    assert [line for one in found for line in one.split("\n") if line.startswith("| Parcel")] == rows


def test_a_table_that_fits_is_not_cut():
    table = "| a | b |\n| --- | --- |\n" + "\n".join("| some words here | and others there |" for _ in range(15))
    found = texts(f"{PROSE * 25}\n\n{table}\n\n{PROSE * 25}")
    assert sum(table in one for one in found) == 1


def test_code_is_cut_between_lines_and_each_piece_stands_in_fences():
    lines = [f"call the function number {number} with all of its arguments" for number in range(60)]
    found = texts("Like this:\n\n```python\n" + "\n".join(lines) + "\n```\n\nDone.")
    pieces = [one for one in found if "call" in one]
    assert len(pieces) > 1
    assert all(one.count("```") == 2 for one in pieces)
    assert all(any(line in one.split("\n") for one in pieces) for line in lines)


def test_headings_and_blank_lines_in_code_are_code():
    code = "```\n# not a heading\n\n- not a list\n```"
    assert [(one.kind, one.text) for one in blocks(f"Text\n{code}\nmore")] == [
        ("paragraph", "Text"), ("code", code), ("paragraph", "more")
    ]  # fmt: skip
    assert len(list(outline(f"Text\n{code}\nmore"))) == 1


def test_a_list_is_cut_between_its_items_and_what_is_nested_stays_with_them():
    items = [f"- Step {number}: {PROSE}\n  - nested one {number}\n  - nested two {number}" for number in range(30)]
    found = texts("\n".join(items))
    assert len(found) > 1
    assert all(one.startswith("- Step") for one in found)
    assert all(any(item in one for one in found) for item in items)


def test_a_line_that_announces_a_list_stays_with_it():
    listed = "You need all of these:\n\n" + "\n".join(f"- thing {number} that you need" for number in range(20))
    found = texts(f"{PROSE * 22}\n\n{listed}\n\n{PROSE * 20}")
    assert sum(listed in one for one in found) == 1


def test_underlined_headings_are_headings():
    body = f"Returns\n=======\n\n{PROSE * 20}\n\nRefunds\n-------\n\n{PROSE * 20}\n\na line\nof text\n---\n"
    assert [heading for heading, _ in split(body)] == ["Returns", "Returns › Refunds"]


def test_a_very_long_heading_path_keeps_its_end():
    body = "".join(f"{'#' * level} {'word ' * 30}{level}\n\n{PROSE * 10}\n\n" for level in range(1, 7))
    headings = [heading for heading, _ in split(body)]
    assert all(len(heading) <= LONGEST_HEADING for heading in headings)
    assert headings[-1].endswith(" 6")


def test_figures_take_more_room_than_prose():
    """A passage of numbers has several times as many tokens as one of words, and must still fit into the encoder."""
    figures = "\n".join(f"{number} 02/4567-89 +39.33.1234" for number in range(200))
    assert max(map(len, texts(figures))) < PASSAGE_CHARACTERS * 0.7


@given(st.text(alphabet="ab .\n#|-`1*>", min_size=1, max_size=6000).filter(str.strip))
def test_nothing_is_lost_and_the_limit_kept_whatever_the_structure(body):
    found = list(split(body))
    assert all(0 < len(text) <= PASSAGE_CHARACTERS for _, text in found)
    kept = "".join(heading + text for heading, text in found)
    for letter in "ab":
        assert kept.count(letter) >= body.count(letter)


@given(st.lists(st.text(alphabet="ab .!?\n", max_size=300), max_size=12).map(" ".join))
def test_details_say_all_that_the_passage_says_a_few_sentences_each(text):
    found = details(text)
    assert "".join("".join(found).split()) in ("", "".join(text.split()))
    assert len(found) != 1
    assert bool(found) <= (len(text) > DETAIL_CHARACTERS)
    for part in found:
        assert part.strip() == part != ""
        assert len(part) <= DETAIL_CHARACTERS or len(DETAIL_END.split(part)) == 1
    # no two neighbours would have fitted together
    assert all(len(f"{one} {other}") > DETAIL_CHARACTERS for one, other in zip(found, found[1:], strict=False)) or any(
        len(part) > DETAIL_CHARACTERS for part in found
    )


def test_a_short_passage_has_no_details_and_a_long_one_has_them_under_its_title():
    assert Passage("a", "en", 0, "Title", "", "Short.").details == ()
    long = Passage("a", "en", 0, "Title", "Heading", "A sentence that says something of its own. " * 30)
    assert len(long.details) > 2
    assert all(one.startswith("Title\nHeading\nA sentence") for one in long.details)
