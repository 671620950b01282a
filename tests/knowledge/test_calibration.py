from __future__ import annotations

import numpy as np
import pytest

from knowledge.calibration import FEWEST_ARTICLES, GENERAL, Calibration, _fit
from knowledge.encoded import EncodedTexts
from knowledge.evaluate import auroc, calibration_error
from knowledge.ranking import Hit
from knowledge.retriever import Retriever
from knowledge.version import Entry, Version
from tests.knowledge.conftest import article


def hit(top: float, gap: float = 0.03, z: float = 2.5) -> Hit:
    return Hit("en", 0, 0, top, top, gap, z)


def test_the_more_an_article_stands_out_the_likelier_it_is_right(base, shop):
    base.publish(shop, source="s")
    calibration = base.current().calibration
    assert calibration.examples > len(shop)
    values = [calibration.probability(hit(top, gap)) for top, gap in ((0.6, -0.05), (0.8, 0.02), (0.95, 0.2))]
    assert values == sorted(values)
    assert 0 < values[0] < values[-1] < 1


def test_too_few_articles_fall_back_on_the_general_curve(base, shop):
    base.publish(shop[: FEWEST_ARTICLES - 1], source="s")
    calibration = base.current().calibration
    assert calibration.examples == 0
    assert calibration.probability(hit(0.97)) > calibration.probability(hit(0.8))


def test_a_rebuild_gives_the_same_calibration(base, shop):
    base.publish(shop, source="s")
    before = base.current().calibration
    base.rebuild()
    assert base.current().calibration == before
    assert len(base.versions()) == 2


def test_it_is_kept_in_the_manifest(base, shop):
    base.publish(shop, source="s")
    version = base.current()
    assert Calibration.from_manifest(version.manifest["calibration"]) == version.calibration


def test_a_base_of_articles_without_titles_is_calibrated_too(encoder):
    bodies = [
        "Orders arrive in three days. Sundays excluded.",
        "We are open daily. Ring the bell.",
        "No cheques. Sorry.",
    ]
    articles = [article(f"a{n}", "", bodies[n % 3] + f" Note {n}.") for n in range(9)]
    built = Version.build("v", [Entry(one, "s") for one in articles], encoder, EncodedTexts(), 1, lambda _: None)
    assert built.calibration.examples > 0


def test_the_fit_finds_the_curve_that_made_the_answers():
    random = np.random.default_rng(7)
    features = np.column_stack([np.ones(20_000), random.normal(size=(20_000, 3))])
    curve = np.array([0.3, 1.0, -2.0, 0.5])
    right = (random.random(20_000) < 1 / (1 + np.exp(-features @ curve))).astype(float)
    fitted = _fit(features, right, np.ones(20_000, bool))
    assert np.allclose(fitted, curve, atol=0.1)


def test_the_fit_survives_answers_that_are_all_right_and_no_answers():
    features = np.column_stack([np.ones(50), np.linspace(-300, 300, 50), np.zeros(50), np.zeros(50)])
    fitted = _fit(features, np.ones(50), np.ones(50, bool))
    assert np.isfinite(fitted).all()
    assert np.array_equal(_fit(features[:0], np.ones(0), np.ones(0, bool)), GENERAL)


def test_what_no_article_is_about_gets_little_confidence(base, shop):
    base.publish(shop, source="s")
    ask = Retriever(base).search
    assert ask("zxq vvk jjw", "en").confidence < ask("How do I return a book", "en").confidence / 2


def test_auroc_by_hand():
    assert auroc(np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, True, False, False])) == pytest.approx(0.875)
    assert auroc(np.array([0.9, 0.8]), np.array([True, True])) is None


def test_calibration_error_by_hand():
    assert calibration_error(np.array([0.75, 0.75, 1.0, 1.0]), np.array([True, False, True, True])) == 0.125
