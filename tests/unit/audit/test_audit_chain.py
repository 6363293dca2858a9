"""The audit chain: whole, or the event that is not is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guitai.audit.model import GENESIS, AuditEvent, broken_links, chained

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def chain(length: int) -> list[AuditEvent]:
    events: list[AuditEvent] = []
    for seq in range(1, length + 1):
        previous = events[-1].digest if events else GENESIS
        events.append(
            chained(previous, seq, NOON + timedelta(seconds=seq), "os:wang", "recording.show", "r1", {"n": seq})
        )
    return events


@given(st.integers(0, 20))
def test_a_whole_chain_has_no_broken_link(length: int) -> None:
    assert broken_links(chain(length)) == []


@given(st.integers(1, 12), st.data())
def test_an_altered_event_is_named(length: int, data: st.DataObject) -> None:
    events = chain(length)
    place = data.draw(st.integers(0, length - 1))
    change = data.draw(
        st.sampled_from([{"actor": "x"}, {"action": "x"}, {"subject": "x"}, {"detail": {}}, {"at": NOON}])
    )
    events[place] = replace(events[place], **change)
    assert broken_links(events) == [place + 1]


@given(st.integers(2, 12), st.data())
def test_a_missing_event_is_named(length: int, data: st.DataObject) -> None:
    events = chain(length)
    place = data.draw(st.integers(0, length - 2))
    del events[place]
    assert broken_links(events)[0] == place + 1


def test_a_cut_tail_is_for_the_log_to_find() -> None:
    assert broken_links(chain(5)[:3]) == []


def test_the_time_zone_does_not_matter() -> None:
    event = chain(1)[0]
    local = event.at.astimezone()
    assert chained(GENESIS, 1, local, event.actor, event.action, event.subject, event.detail).digest == event.digest
