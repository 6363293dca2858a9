"""What the figures of a report count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from insight_cases import facts

from guitai.insight.model import summarise, wilson, worst_first


def test_the_headline_counts_passed_failed_and_what_to_review():
    calls = [facts(1, 80.0), facts(2, 79.9, flags=["待复核：削波失真"]), facts(3, 100.0)]
    summary = summarise(calls)
    assert {figure.key: figure.value for figure in summary.headline} == {
        "all": 3,
        "passed": 2,
        "failed": 1,
        "review": 1,
    }
    assert summary.mean_score == 86.6
    assert summary.passed == 2


@pytest.mark.parametrize(
    ("score", "band"),
    [(0.0, "0–9.9"), (9.9, "0–9.9"), (79.9, "70–79.9"), (80.0, "80–89.9"), (90.0, "90–100"), (100.0, "90–100")],
)
def test_a_score_is_counted_in_one_band(score: float, band: str):
    assert [figure.label for figure in summarise([facts(1, score)]).distribution if figure.value] == [band]


def test_rankings_go_from_best_to_worst_and_show_their_range():
    calls = [facts(1, 60.0, agent="甲"), facts(2, 90.0, agent="甲"), facts(3, 80.0, agent="乙")]
    ranked = [(figure.label, figure.value, figure.low, figure.high) for figure in summarise(calls).agents]
    assert ranked == [("乙", 80.0, 80.0, 80.0), ("甲", 75.0, 60.0, 90.0)]


def test_findings_are_counted_in_calls_most_frequent_first_ten_at_most():
    calls = [facts(n, 50.0, violations=[f"问题{k:02d}" for k in range(n)]) for n in range(1, 13)]
    found = summarise(calls).findings
    assert [figure.value for figure in found] == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert found[0].label == "问题00"


def test_pass_rates_are_by_scene_with_an_interval():
    calls = [facts(1, 90.0, scene="loan"), facts(2, 50.0, scene="loan"), facts(3, 90.0, scene="fraud")]
    rates = {figure.label: (figure.value, figure.low, figure.high) for figure in summarise(calls).scenes}
    assert rates["loan"] == (50.0, *wilson(1, 2))
    assert rates["fraud"][0] == 100.0


def test_the_interval_is_wilsons():
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    assert wilson(81, 263) == pytest.approx((25.53, 36.62), abs=0.06)
    assert wilson(15, 148) == pytest.approx((6.24, 16.05), abs=0.06)
    assert wilson(0, 20) == pytest.approx((0.0, 16.11), abs=0.06)
    assert wilson(29, 29) == pytest.approx((88.3, 100.0), abs=0.06)


def test_the_worst_call_is_to_be_heard_first_and_of_equal_ones_the_newest():
    calls = [facts(1, 70.0), facts(2, 50.0), facts(3, 70.0)]
    assert [call.recording_id[-1] for call in worst_first(calls)] == ["2", "3", "1"]


@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from("甲乙丙"), st.booleans()), max_size=30))
def test_every_call_is_in_one_band_one_team_and_one_scene(rows: list[tuple[int, str, bool]]):
    calls = [
        facts(number, score / 10, team=name, scene=name, flags=["待复核"] if flagged else [])
        for number, (score, name, flagged) in enumerate(rows)
    ]
    summary = summarise(calls)
    for chart in (summary.distribution, summary.teams, summary.agents, summary.scenes, summary.headline[1:3]):
        counted = [call.recording_id for figure in chart for call in figure.calls]
        assert sorted(counted) == sorted(call.recording_id for call in calls)
    assert summary == summarise(calls[::-1])
