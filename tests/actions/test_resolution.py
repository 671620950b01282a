"""Yes, partly and no to "did this solve it?"."""

from __future__ import annotations


async def test_yes_accepts_the_answer(run):
    ran = await run("action_resolution", intent="affirm", misses=1)
    assert ran.custom == [{"kind": "notice", "resolution": "yes", "accepted": True}]
    assert ran.expects == (None, None, 0)


async def test_no_rejects_it_counts_as_a_miss_and_offers_a_person(run):
    ran = await run("action_resolution", intent="deny")
    offer = {"why": "fallback"}
    assert ran.custom == [{"kind": "notice", "resolution": "no", "accepted": False, "offer_handoff": offer}]
    assert ran.expects == ("person", "fallback", 1)


async def test_partly_judges_nothing_and_offers_a_person(run):
    ran = await run("action_resolution", intent="partly")
    assert ran.custom == [{"kind": "notice", "resolution": "partly", "offer_handoff": {"why": "fallback"}}]
    assert ran.slots["misses"] == 0
