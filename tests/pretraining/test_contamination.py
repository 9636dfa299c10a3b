"""What measures is found however it is spelled, left out, and counted by set."""

import json

from playground.pretraining.mixture import contamination_table, documents
from playground.pretraining.mixture.contamination import SAMPLES, Overlap, measured_sets, table

HELD = "The old clock in our kitchen strikes thirteen whenever my aunt visits us"
SHORT = "Crisp but far too salty."


def overlap() -> Overlap:
    return Overlap({"sst2": [HELD, SHORT], "rte": [HELD + " on Sundays", "A cat."]})


def test_eight_words_in_a_row_overlap_however_they_are_spelled():
    found = overlap()

    assert found.sets_of("He says: THE OLD CLOCK, in our kitchen strikes -- thirteen!") == (
        "sst2",
        "rte",
    )
    assert found.sets_of("the old clock in our kitchen strikes twelve") == ()
    assert found.sets_of("my aunt visits us on sundays, whenever thirteen strikes") == ()
    assert found.sets_of("strikes thirteen whenever my aunt visits us on sundays") == ("rte",)


def test_a_short_text_overlaps_only_as_a_whole_and_from_four_words_on():
    found = overlap()

    assert found.sets_of("crisp , but far too salty") == ("sst2",)
    assert found.sets_of("Crisp but far too salty for me") == ()
    assert found.sets_of("A cat.") == ()


def test_lines_that_overlap_are_dropped_and_counted_by_set():
    found = overlap()
    text = f"A first line stays.\nHe wrote: {HELD}.\nA last line stays too."

    kept = list(found.clean([("text/a", text), ("text/b", HELD), ("text/c", "Nothing here.")]))

    assert kept == [
        ("text/a", "A first line stays.\nA last line stays too."),
        ("text/c", "Nothing here."),
    ]
    assert (found.seen, found.dropped_texts) == (5, 2)
    assert found.dropped == {"sst2": 2, "rte": 2}


def test_a_paragraph_whose_lines_wrap_is_dropped_whole():
    wrapped = HELD.replace(" strikes ", " strikes\n")
    text = f"One paragraph.\n\nBefore it {wrapped} and after.\n\nAnother one."

    assert list(overlap().clean([("k", text)])) == [("k", "One paragraph.\n\nAnother one.")]


def test_the_stream_never_holds_what_measures(tmp_path):
    for name, rows in (
        ("sst2", [HELD]),
        ("goemotions", [HELD, "What a fine day we had.", "Good for you, friend.", "Nice of him."]),
    ):
        (tmp_path / name).mkdir()
        lines = [json.dumps({"text": row, "label": "joy"}) for row in rows]
        lines += [json.dumps({"text": f"I am so cross, {row}!", "label": "anger"}) for row in rows]
        (tmp_path / name / "train.jsonl").write_text("\n".join(lines))
    texts = [("text/a", f"Line {i}.\n{HELD}.\nMore of it.") for i in range(20)]

    made = list(documents(tmp_path, texts, 0, 0.5, ["comment_sentiment"]))

    assert len(made) > 20
    whole = " ".join(piece.text for document in made for piece in document.pieces)
    assert "old clock" not in whole.lower()
    assert "fine day" in whole


def test_the_apps_samples_measure_too(tmp_path):
    sets = measured_sets(tmp_path)

    assert set(sets) == {SAMPLES}
    assert len(sets[SAMPLES]) > 100
    assert Overlap(sets).sets_of(max(sets[SAMPLES], key=len)) == (SAMPLES,)


def test_the_table_for_the_card_counts_each_source():
    found = overlap()
    found.keeps(HELD)
    found.keeps("A sentence of our own that nobody measures with.")

    assert table({"goemotions": found}).splitlines() == [
        "| trained on | looked at | left out | sst2 | rte |",
        "| --- | --- | --- | --- | --- |",
        "| goemotions | 2 | 1 | 1 | 1 |",
    ]


def test_the_check_looks_at_labelled_sets_and_text_alike(tmp_path):
    for name, rows in (("sst2", [HELD]), ("sms-spam", [HELD, "See you there, then."])):
        (tmp_path / name).mkdir()
        lines = "".join(json.dumps({"text": row, "label": "ham"}) + "\n" for row in rows)
        (tmp_path / name / "all.jsonl").write_text(lines)

    rows = contamination_table(tmp_path, [("text/a", f"A line.\n{HELD}"), ("text/a", "B.")])

    assert [row.split(" | ")[:4] for row in rows.splitlines()[2:]] == [
        ["| sms-spam", "2", "1", "1"],
        ["| text/a", "3", "1", "1"],
    ]
