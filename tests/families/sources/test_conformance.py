"""What every upstream must do; each brings its recorded answers, found by its name."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.account.vocabulary import FIELDS, ROOTS
from plugin.errors import UpstreamBroken, UpstreamError, UpstreamNotFound, UpstreamTimeout
from plugin.families import UPSTREAMS
from plugin.fetching.encoding import decode, encode, pack
from plugin.fetching.http.errors import of_status
from plugin.frame import Requester
from plugin.settings.secrets import Secret
from plugin.upstream import AccountChanges, Facts, Identity, TicketKey
from tests.families.sources.recordings import (
    DATA,
    NAME,
    NOW,
    ROOT,
    FakeApi,
    Recording,
    folder_of,
    load,
    ref_of,
)

IN_TIME = 1005.0  # by the fixed clock of the recordings
IDENTITIES = ("external_id", "organization", "contact_email", "domain")
OUR_OWN = frozenset({"requester", "ticket"})
FAULTS: Mapping[str, tuple[UpstreamError | None, str]] = {
    "401": (of_status(401, {}, None, NOW), "refused"),
    "403": (of_status(403, {}, None, NOW), "refused"),
    "404": (of_status(404, {}, None, NOW), "not_found"),
    "429": (of_status(429, {"Retry-After": "30"}, None, NOW), "rate_limited"),
    "500": (of_status(500, {}, None, NOW), "broken"),
    "503": (of_status(503, {}, None, NOW), "broken"),
    "timeout": (UpstreamTimeout("gave no answer in time"), "timed_out"),
    "not JSON": (UpstreamBroken("its answer is not JSON"), "broken"),
}
GARBAGE: tuple[Any, ...] = (None, [], {}, "no", 7, True, [None], ["x"], {"x": 1}, [[]], [{}])
WRONG: tuple[Any, ...] = (None, [], {}, "no such thing", -1, True)


def _http() -> list[str]:
    names = []
    for name in UPSTREAMS:
        path = folder_of(name) / "answers.json"
        if not path.exists() or "routes" in json.loads(path.read_text()):
            names.append(name)
    return names


@pytest.fixture(params=list(UPSTREAMS))
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> Recording:
    """Return each upstream in turn."""
    return load(str(request.param), tmp_path)


@pytest.fixture(params=_http())
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Recording:
    """Return each upstream that is asked over HTTP."""
    return load(str(request.param), tmp_path)


@pytest.fixture(params=[name for name in UPSTREAMS if name not in _http()])
def local(request: pytest.FixtureRequest, tmp_path: Path) -> Recording:
    """Return each upstream that reads by itself: files, databases."""
    return load(str(request.param), tmp_path)


def _says(facts: Facts) -> dict[str, Any]:
    """Return what was said as JSON, so that it compares with answers.json."""
    said: dict[str, Any] = json.loads(json.dumps({k: pack(v) for k, v in facts.values.items()}))
    return said


def _covered(path: str, recording: Recording) -> bool:
    supplies = recording.upstream.covers(recording.options)
    return path in supplies or path.partition(".")[0] in supplies


def test_data_belongs_to_an_upstream() -> None:
    """No data is left behind by an upstream that is gone."""
    assert {path.parent.name for path in DATA.glob("*/source")} <= {
        name.removesuffix("_tickets") for name in UPSTREAMS
    }


def test_reads_its_recorded_answers(recording: Recording) -> None:
    """Each recorded fact arrives typed, and nothing beside it."""
    facts = recording.fetch(recording.api())

    assert _says(facts) == recording.said["values"]


def test_passes_the_cache_unchanged(recording: Recording) -> None:
    """What an upstream says survives being kept as bytes."""
    facts = recording.fetch(recording.api())

    assert decode(encode(facts), Facts) == facts


def test_covers_only_the_vocabulary(recording: Recording) -> None:
    """An upstream promises paths of the vocabulary or custom ones, none that the frame fills."""
    known = set(FIELDS) | set(ROOTS) | {"custom"}
    supplies = recording.upstream.covers(recording.options)

    assert supplies
    assert {path for path in supplies if not path.startswith("custom.")} <= known
    assert not OUR_OWN & {path.partition(".")[0] for path in supplies}


def test_keeps_what_it_promises(recording: Recording) -> None:
    """Values, gaps and partial lists stand on paths that the upstream covers."""
    facts = recording.fetch(recording.api())
    named = {*facts.values, *(bad.field.partition("[]")[0] for bad in facts.bad), *facts.partial}

    assert [path for path in sorted(named) if not _covered(path, recording)] == []


def test_dates_its_facts(recording: Recording) -> None:
    """Facts hold for a time in UTC that is not in the future."""
    facts = recording.fetch(recording.api())

    assert facts.as_of.utcoffset() is not None
    assert facts.as_of <= NOW


def test_finds_accounts_by_identity(recording: Recording) -> None:
    """Each recorded question has its accounts; an unknown word is answered with none."""
    find = recording.upstream.find
    asked = recording.said.get("finds", [])
    assert (find is None) == (not asked)
    for question in asked:
        identity = Identity(question["by"], question["value"])
        found = find(identity, recording.link(recording.api())) if find else ()
        assert [ref.id for ref in found] == question["ids"], question
        assert encode(found)


@pytest.fixture(params=[name for name, one in UPSTREAMS.items() if one.changed is not None])
def listing(request: pytest.FixtureRequest, tmp_path: Path) -> Recording:
    """Return each upstream that can list its accounts."""
    return load(str(request.param), tmp_path)


@pytest.mark.parametrize("cursor", [None, "", "never given", "0" * 300])
def test_the_first_round_lists_every_account_once(listing: Recording, cursor: str | None) -> None:
    """Without a cursor, or with one that it does not know, a source lists all that it can find."""
    upstream, link = listing.upstream, listing.link(listing.api())
    assert upstream.changed is not None
    assert upstream.find is not None
    found, _ = upstream.changed(link, cursor)
    ids = [ref.id for ref in found.accounts]

    assert found.is_whole
    assert ids
    assert len(set(ids)) == len(ids)
    for ref in found.accounts:
        assert ref in upstream.find(Identity("external_id", ref.id), link)


def test_a_round_without_changes_lists_nothing(listing: Recording) -> None:
    """At its own cursor a source says that nothing is new and nothing is gone."""
    upstream, link = listing.upstream, listing.link(listing.api())
    assert upstream.changed is not None
    _, cursor = upstream.changed(link, None)

    assert upstream.changed(link, cursor) == (AccountChanges(), cursor)


def test_answers_hostile_identities(recording: Recording) -> None:
    """No identity makes the adapter fail by itself: it finds nobody, or the upstream says no."""
    find = recording.upstream.find
    for by in (*IDENTITIES, "moon"):
        for value in ("", "'", "\\' OR 1=1 --", "a/../b?c#d", "%", "*", "é@ß.example", "0" * 300):
            try:
                found = find(Identity(by, value), recording.link(recording.api())) if find else ()
            except UpstreamError:
                continue
            assert found == ()


def test_has_a_page_that_names_every_option(recording: Recording) -> None:
    """An admin finds each option in the docs, and how a secret is changed."""
    name = recording.upstream.name
    page = (ROOT / "docs" / "vendors" / f"{name.removesuffix('_tickets')}.md").read_text()
    options = recording.upstream.options().fields
    fields = {field.data_key or name: field for name, field in options.items()}

    assert [option for option in fields if f"`{option}`" not in page] == []
    if any(isinstance(field, Secret) for field in fields.values()):
        assert "## Rotation" in page
    assert recording.upstream.docs_url.startswith("https://")


def test_refuses_unknown_options(recording: Recording) -> None:
    """A slip of the pen in the settings is found when they are read."""
    with pytest.raises(ValidationError):
        recording.upstream.options().load({**recording.said["options"], "colour": "red"})


def test_check_is_content_with_good_answers(recording: Recording) -> None:
    """`sidelight check` finds nothing wrong with a connection that works."""
    assert recording.upstream.check is not None
    found = recording.upstream.check(recording.link(recording.api()))

    assert [str(problem) for problem in found if not problem.is_note] == []


# Upstreams that are asked over HTTP.


@pytest.mark.parametrize("fault", FAULTS)
def test_says_why_it_has_no_facts(remote: Recording, fault: str) -> None:
    """A failing upstream leaves a gap with the reason, never an exception, never a value."""
    error, reason = FAULTS[fault]
    api = remote.api()
    api.fault = error
    looked = remote.sources(api).gather(remote.account, IN_TIME)[NAME]

    assert looked.facts is None
    assert looked.reason == reason


@pytest.mark.parametrize("fault", FAULTS)
def test_survives_a_failure_in_the_middle(remote: Recording, fault: str) -> None:
    """When a later call fails, what is said is still right: parts are left out, none invented."""
    api = remote.api()
    whole = remote.fetch(api)
    for spared in range(1, len(api.calls)):
        again = remote.api()
        again.fault, again.spared = FAULTS[fault][0], spared
        try:
            facts = remote.fetch(again)
        except UpstreamError:
            continue
        kept = {path: facts.values[path] for path in facts.values if path not in facts.partial}
        assert kept.items() <= {**whole.values, **_emptied(remote, kept)}.items()


def _emptied(remote: Recording, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that a missing part may change, as the recording declares them."""
    return {path: kept[path] for path in remote.said.get("dependent", []) if path in kept}


@pytest.mark.parametrize("fault", FAULTS)
def test_check_reports_a_failing_upstream(remote: Recording, fault: str) -> None:
    """`sidelight check` names a connection that does not work."""
    api = remote.api()
    api.fault = FAULTS[fault][0]

    assert [one for one in remote.sources(api).check(NAME) if not one.is_note]


def test_refused_credentials_are_not_sent_again(remote: Recording) -> None:
    """After a 401 the upstream is not asked until its credentials change."""
    api = remote.api()
    api.fault = FAULTS["401"][0]
    sources = remote.sources(api)
    sources.gather(remote.account, IN_TIME)
    asked = len(api.calls)
    sources.gather(replace(remote.account, id="another"), IN_TIME)

    assert len(api.calls) == asked


def test_an_empty_upstream_knows_nobody(remote: Recording) -> None:
    """Empty lists are no failure, and no facts but those that emptiness itself tells."""
    api = remote.api(*remote.said["empty"])
    try:
        facts = remote.fetch(api)
    except UpstreamNotFound:
        facts = Facts({}, NOW)

    assert _says(facts) == remote.said.get("empty_values", {})


@pytest.mark.parametrize("garbage", GARBAGE, ids=repr)
def test_garbage_is_never_a_fact(remote: Recording, garbage: Any) -> None:
    """JSON of another shape is a broken or an empty answer, and no value comes of it."""
    api = remote.api(*_everywhere(remote, garbage))
    looked = remote.sources(api).gather(remote.account, IN_TIME)[NAME]

    assert looked.facts is None or all(value == () for value in looked.facts.values.values())
    assert looked.facts is not None or looked.reason in {"broken", "not_found"}
    _find_all(remote, lambda: remote.api(*_everywhere(remote, garbage)))


def _everywhere(remote: Recording, answer: Any) -> list[dict[str, Any]]:
    return [{**route, "answer": answer} for route in remote.said["routes"] if not route.get("keep")]


def _find_all(remote: Recording, api: Any) -> None:
    for question in remote.said.get("finds", []):
        find = remote.upstream.find
        try:
            if find is not None:
                find(Identity(question["by"], question["value"]), remote.link(api()))
        except UpstreamError:
            continue


# Upstreams that can say who wrote a ticket.


@pytest.fixture(params=[name for name, one in UPSTREAMS.items() if one.whose is not None])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Recording:
    """Return each upstream that knows who writes."""
    return load(str(request.param), tmp_path)


def _whose(desk: Recording, asked: Mapping[str, Any], api: Any) -> Requester | None:
    assert desk.upstream.whose is not None
    key = TicketKey(asked.get("ticket_id"), asked.get("customer_id"))
    return desk.upstream.whose(key, desk.link(api))


def _requester(said: Mapping[str, Any]) -> Requester:
    return Requester(**{**said, "more_emails": tuple(said.get("more_emails", ()))})


def _writers(desk: Recording) -> list[Any]:
    asked: list[Any] = desk.said["whose"]
    assert any(each["says"] for each in asked)
    assert any(not each["says"] for each in asked)
    return asked


def test_says_who_wrote_a_ticket(desk: Recording) -> None:
    """Each recorded question has the requester that the helpdesk's own API names, or nobody."""
    for asked in _writers(desk):
        expected = _requester(asked["says"]) if asked["says"] else None
        assert _whose(desk, asked, desk.api()) == expected, asked


def test_a_writer_of_another_ticket_is_refused(desk: Recording) -> None:
    """An answer about another ticket, or another customer's ticket, names nobody."""
    assert desk.said["whose_refused"]
    for asked in desk.said["whose_refused"]:
        routes = [asked["route"]] if "route" in asked else []
        with pytest.raises(UpstreamBroken):
            _whose(desk, asked, desk.api(*routes))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_writer_is_never_made_up_of_a_failure(desk: Recording, fault: str) -> None:
    """A ticket that is not there has no writer; any other failure is said, after any call."""
    for asked in [each for each in _writers(desk) if each["says"]]:
        whole = desk.api()
        _whose(desk, asked, whole)
        for spared in range(len(whole.calls)):
            api = desk.api()
            api.fault, api.spared = FAULTS[fault][0], spared
            if fault == "404":
                said = _whose(desk, asked, api)
                assert said is None or said == Requester(**asked["says"])
            else:
                with pytest.raises(UpstreamError):
                    _whose(desk, asked, api)


@pytest.mark.parametrize("garbage", GARBAGE, ids=repr)
def test_a_writer_is_never_made_up_of_garbage(desk: Recording, garbage: Any) -> None:
    """JSON of another shape names nobody."""
    for asked in _writers(desk):
        try:
            assert _whose(desk, asked, desk.api(*_everywhere(desk, garbage))) is None
        except UpstreamBroken:
            continue


def test_a_hostile_id_is_never_asked_about(desk: Recording) -> None:
    """An id comes from a browser: it never becomes another path, and finds nobody."""
    for value in (
        "..",
        "1/../2",
        "1?x=y",
        "%2e%2e",
        "1#2",
        "",
        " ",
        "é",
        "1\n2",
        "-1",
        "0x1",
        "9" * 99,
    ):
        for key in ("ticket_id", "customer_id"):
            api = desk.api()
            assert _whose(desk, {key: value}, api) is None, value
            assert not [call for call in api.calls if set("?#%") & set(call) or ".." in call], value


def test_reads_every_page(remote: Recording) -> None:
    """Answers that are a second page are asked for; an upstream without pages says why."""
    api = remote.api()
    remote.fetch(api)
    pages = remote.said.get("pages", [])

    assert pages or remote.said["no_pages"]
    assert set(pages) <= api.read


def test_refuses_the_record_of_another_account(remote: Recording) -> None:
    """An answer about somebody else is refused, not shown."""
    assert remote.said["stranger"]
    for override in remote.said["stranger"]:
        with pytest.raises((UpstreamBroken, UpstreamNotFound)):
            remote.fetch(remote.api(override))


def test_every_property_may_be_missing(remote: Recording) -> None:
    """A property that the vendor renames is unknown or an error; no other fact is invented."""
    for files, key in _renamed(remote.files):
        _still_sound(remote, files, f"without {key}")


def test_every_property_may_be_wrong(remote: Recording) -> None:
    """A property of another type is a gap or an error, and never a crash."""
    for files, where in _spoiled(remote.files):
        _still_sound(remote, files, where)


def _still_sound(remote: Recording, files: Mapping[str, Any], what: str) -> None:
    try:
        facts = remote.fetch(remote.api(files=files))
    except UpstreamError:
        return
    assert encode(facts), what
    assert [path for path in facts.values if not _covered(path, remote)] == [], what
    assert [path for path in facts.values if facts.values[path] is None] == [], what


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _keys(each)


def _swapped(value: Any, key: str, name: str, wrong: Any) -> Any:
    """Return `value` where `key` is called `name`, or holds something `wrong`."""
    if isinstance(value, list):
        return [_swapped(each, key, name, wrong) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name if own == key else own: wrong
        if own == key and name == key
        else _swapped(inner, key, name, wrong)
        for own, inner in value.items()
    }


def _renamed(files: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for key in sorted({key for body in files.values() for key in _keys(body)}):
        changed = {name: _swapped(body, key, f"{key}_v2", None) for name, body in files.items()}
        yield changed, key


def _spoiled(files: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for file, body in files.items():
        for key in sorted(set(_keys(body))):
            for wrong in WRONG:
                changed = {**files, file: _swapped(body, key, key, copy.deepcopy(wrong))}
                yield changed, f"{file}: {key} = {wrong!r}"


# Upstreams that read by themselves.


def test_an_unknown_account_is_not_found(local: Recording) -> None:
    """An account that the source does not have is no failure."""
    with pytest.raises(UpstreamNotFound):
        local.fetch(FakeApi([], {}), ref_of(local.said["unknown"]))


def test_a_source_that_is_gone_leaves_a_gap(local: Recording) -> None:
    """Options that lead nowhere give a reason, and `sidelight check` a problem."""
    assert local.said["broken"]
    for changes in local.said["broken"]:
        sources = local.sources(FakeApi([], {}), {**local.options, **changes})
        looked = sources.gather(local.account, IN_TIME)[NAME]

        assert looked.facts is None
        assert looked.reason in {"broken", "not_configured", "timed_out"}
        assert sources.check(NAME)


# Item fields that follow from others, or that count as "no" unless somebody says yes.
FOLLOWING = frozenset(
    {
        "contacts[].role",
        "contacts[].role_inferred",
        "contacts[].seniority",
        "invoices[].days_overdue",
        "invoices[].on_hold",
        "tickets[].component",
        "tickets[].duplicate_of",
        "tickets[].repeats_90d",
        "tickets[].sentiment",
        "tickets[].sentiment_quote",
    }
)
# A zero is told, a number is not: Freshdesk says whether a ticket was reopened, not how often.
TOLD_IN_PART = frozenset({"freshdesk_tickets tickets[].reopens"})


def test_each_item_field_is_filled_or_untold(recording: Recording) -> None:
    """A source fills each field of its lists' items or says that it has no place for it."""
    facts, name = recording.fetch(recording.api()), recording.upstream.name
    lists = {
        path: FIELDS[path].items for path, value in facts.values.items() if value and path in FIELDS
    }
    named = {f"{path}[].{one.path}" for path, items in lists.items() for one in items}
    filled = {
        f"{path}[].{one.path}"
        for path, items in lists.items()
        for one in items
        if any(getattr(item, one.path) is not None for item in facts.values[path])
    }

    assert named - filled - facts.untold - FOLLOWING == set()
    assert {f"{name} {path}" for path in filled & facts.untold} <= TOLD_IN_PART
