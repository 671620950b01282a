from __future__ import annotations

import json

import numpy as np
import pytest

from knowledge.calibration import FAR, FEWEST_ARTICLES, NEAR, Calibration, examples, scaled_to
from knowledge.curve import fit
from knowledge.encoded import EncodedTexts
from knowledge.evaluate import auroc, calibration_error, reliability
from knowledge.everyday import EVERYDAY
from knowledge.evidence import gather
from knowledge.ranking import Hit
from knowledge.retriever import Retriever
from knowledge.version import Entry, Version
from tests.knowledge.conftest import article


def hit(top: float, gap: float = 0.03, z: float = 2.5) -> Hit:
    return Hit("en", 0, 0, top, top, gap, z)


def probability(calibration: Calibration, found: Hit, article_id: str = "x") -> float:
    return calibration.probabilities([found], [article_id])[0]


def test_the_more_an_article_stands_out_the_likelier_it_is_right(base, shop):
    base.publish(shop, source="s")
    calibration = base.current().calibration
    assert calibration.examples > len(shop)
    values = [probability(calibration, hit(top, gap)) for top, gap in ((0.6, -0.05), (0.8, 0.02), (0.95, 0.2))]
    assert values == sorted(values)
    assert 0 < values[0] < values[-1] < 1


def test_an_article_that_attracts_everyday_talk_is_trusted_less(base, shop):
    base.publish(shop, source="s")
    calibration = base.current().calibration
    (lang, counts), *_ = calibration.magnets.items()
    id = max(counts, key=counts.__getitem__)
    found = Hit(lang, 0, 0, 0.8, 0.8, 0.1, 3.0)
    assert probability(calibration, found, id) < probability(calibration, found, "nobody's")


def test_too_few_articles_fall_back_on_the_general_curve(base, shop):
    base.publish(shop[: FEWEST_ARTICLES - 1], source="s")
    calibration = base.current().calibration
    assert calibration.examples == 0
    assert calibration.warning is None
    assert probability(calibration, hit(0.97)) > probability(calibration, hit(0.8))


def test_a_rebuild_gives_the_same_calibration(base, shop):
    base.publish(shop, source="s")
    before = base.current().calibration
    base.rebuild()
    assert base.current().calibration == before
    assert len(base.versions()) == 2


def test_it_is_kept_in_the_manifest(base, shop):
    base.publish(shop, source="s")
    version = base.current()
    stored = json.loads(json.dumps(version.manifest["calibration"]))
    assert Calibration.from_manifest(stored) == version.calibration
    assert stored["warning"] == version.calibration.warning


def test_a_base_without_a_high_precision_zone_says_so(base):
    said: list[str] = []
    bodies = ["Orders arrive soon, mostly.", "Orders arrive late, mostly.", "Orders arrive, mostly."]
    vague = [article(f"a{n}", "", f"{bodies[n % 3]} Orders and more orders, {n}.") for n in range(12)]
    base.publish(vague, source="s", say=said.append)
    calibration = base.current().calibration
    assert calibration.warning
    assert "rarely supports a sure answer" in calibration.warning
    assert calibration.warning in said


def test_a_base_of_articles_without_titles_is_calibrated_too(encoder):
    bodies = [
        "Orders arrive in three days. Sundays excluded.",
        "We are open daily. Ring the bell.",
        "No cheques. Sorry.",
    ]
    articles = [article(f"a{n}", "", bodies[n % 3] + f" Note {n}.") for n in range(9)]
    built = Version.build("v", [Entry(one, "s") for one in articles], encoder, EncodedTexts(), 1, lambda _: None)
    assert built.calibration.examples > 0


def test_everyday_talk_says_the_same_in_each_language_and_nothing_twice():
    assert {len(lines) for lines in EVERYDAY.values()} == {len(EVERYDAY["en"])}
    lines = [line for lines in EVERYDAY.values() for line in lines]
    assert all(lines)
    assert len(set(lines)) >= len(lines) - 2  # nonsense is the same in every language


def test_unanswerable_questions_weigh_their_shares(base, shop):
    base.publish(shop, source="s")
    parts = base.current().parts
    found = gather(parts, base.encoder, EncodedTexts())
    features, right, weight = examples(scaled_to(found), found)
    assert features.shape == (len(weight), 5)
    trials, talk = weight[: len(found.hits)], weight[len(found.hits) :]
    assert talk.sum() / weight.sum() == pytest.approx(FAR)
    assert trials[~found.answerable].sum() / weight.sum() == pytest.approx(NEAR)
    assert not right[: len(found.hits)][~found.answerable].any()
    assert not right[len(found.hits) :].any()


def test_a_line_of_everyday_talk_does_not_count_as_its_own_witness(base, shop):
    base.publish(shop, source="s")
    found = gather(base.current().parts, base.encoder, EncodedTexts())
    subjects = sum(count for of_lang in found.magnets.values() for count in of_lang.values())
    assert subjects <= len(found.talk_hits)
    most = max(count for of_lang in found.magnets.values() for count in of_lang.values())
    assert max(found.talk_magnetism) == most - 1


def test_the_fit_finds_the_curve_that_made_the_answers():
    random = np.random.default_rng(7)
    features = np.column_stack([np.ones(20_000), random.normal(size=(20_000, 3))])
    curve = np.array([0.3, 1.0, -2.0, 0.5])
    right = (random.random(20_000) < 1 / (1 + np.exp(-features @ curve))).astype(float)
    assert np.allclose(fit(features, right, np.ones(20_000), np.zeros(4), 1.0), curve, atol=0.1)


def test_the_fit_survives_answers_that_are_all_right_and_no_answers():
    features = np.column_stack([np.ones(50), np.linspace(-300, 300, 50)])
    start = np.array([0.5, 0.6])
    assert np.isfinite(fit(features, np.ones(50), np.ones(50), start, 3.0)).all()
    assert np.array_equal(fit(features[:0], np.ones(0), np.ones(0), start, 3.0), start)


def test_what_no_article_is_about_gets_little_confidence(base, shop):
    base.publish(shop, source="s")
    ask = Retriever(base).search
    assert ask("zxq vvk jjw", "en").confidence < ask("How do I return a book", "en").confidence / 2


def test_auroc_by_hand():
    assert auroc(np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, True, False, False])) == pytest.approx(0.875)
    assert auroc(np.array([0.9, 0.8]), np.array([True, True])) is None


def test_calibration_error_and_its_bins_by_hand():
    confidence, correct = np.array([0.75, 0.75, 1.0, 1.0]), np.array([True, False, True, True])
    assert calibration_error(confidence, correct) == 0.125
    assert [(bin["from"], bin["n"], bin["precision"]) for bin in reliability(confidence, correct)] == [
        (0.7, 2, 0.5),
        (0.9, 2, 1.0),
    ]
