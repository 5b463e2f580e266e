"""What operators see: timing, metrics, one line in the log; never who asked."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from plugin.web.app import create_app
from plugin.workspace.answer_cache import invalidate

EMAIL = "billing.admin@northwind.example"


def _metrics(app) -> str:
    return str(app.test_client().get("/metrics").text)


def test_a_frame_says_how_long_its_stages_took(send, signed):
    """The browser's own tools show it: resolve, gather, judge, render and all of it."""
    invalidate("demo")
    told = send(signed("demo-plain", email=EMAIL, ticket_id="timing")).headers["Server-Timing"]

    assert [part.split(";")[0] for part in told.split(", ")] == [
        "resolve", "gather", "judge", "render", "total",
    ]  # fmt: skip
    assert all(float(part.split("dur=")[1]) >= 0 for part in told.split(", "))


def test_other_answers_are_not_timed(app):
    """Only frames are."""
    assert "Server-Timing" not in app.test_client().get("/healthz").headers


def test_metrics_count_frames_by_helpdesk_and_outcome(app, send, signed):
    """An answered one and a refused one."""
    request = signed("demo-intercom", email=EMAIL)
    send(request)
    send(request, data=b"{}")
    text = _metrics(app)

    assert 'sidelight_frame_seconds_count{helpdesk="intercom",outcome="refused"}' in text
    assert 'sidelight_frame_seconds_bucket{helpdesk="intercom",le="0.05",outcome="' in text


def test_metrics_tell_how_caches_and_connections_are(app, send, signed):
    """Hits and misses by connection, and the state of each connection."""
    send(signed("demo-plain", email=EMAIL))
    text = _metrics(app)

    assert 'sidelight_cache_events_total{connection="billing",event="miss"}' in text
    assert 'sidelight_source_state{connection="crm",state="ok",workspace="demo"} 1.0' in text
    assert 'sidelight_source_state{connection="crm",state="resting",workspace="demo"} 0.0' in text


def test_metrics_count_what_memory_wrote_and_dropped(app, services, send, signed):
    """Over all workers, where /readyz knows its own process only."""
    send(signed("demo-plain", email=EMAIL, ticket_id="counted"))
    assert services.store.writer.flush()
    text = _metrics(app)

    written = re.search(r'sidelight_store_entries_total\{event="written"\} (\S+)', text)
    assert written is not None
    assert float(written[1]) >= services.store.writer.written > 0
    assert 'sidelight_store_entries_total{event="dropped"}' in text


def test_each_metric_is_explained(app):
    """The page for operators names all of them, and none that is not there."""
    page = Path("docs/operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^# HELP (\w+)", _metrics(app), re.MULTILINE)

    made = {name for name in told if not name.endswith("_created")}  # the library's own
    assert set(re.findall(r"`(sidelight_\w+)`", page)) == made


def test_metrics_name_nobody(app, send, signed, demo_settings):
    """No address, no account and no secret."""
    send(signed("demo-plain", email=EMAIL, ticket_id="T-secret"))
    text = _metrics(app).lower()

    assert not [word for word in (EMAIL, "northwind", "t-secret") if word in text]
    assert not [word for word in demo_settings.service.secrets if word in text]


def test_an_unknown_install_is_counted_under_one_name(app):
    """Nobody can fill the metrics with made-up names."""
    app.test_client().post("/frames/made-up-by-a-stranger", data=b"{}")

    assert "made-up-by-a-stranger" not in _metrics(app)
    assert 'helpdesk="unknown",outcome="refused"' in _metrics(app)


def test_each_frame_is_one_line_without_its_query(send, signed, caplog):
    """The query carries signatures; the line has install, outcome and milliseconds."""
    caplog.set_level(logging.INFO, "sidelight.frames")
    send(signed("demo-zendesk"))
    lines = [record for record in caplog.records if record.name == "sidelight.frames"]

    assert [(one.install, one.helpdesk, one.status) for one in lines] == [
        ("demo-zendesk", "zendesk", 200)
    ]
    assert "colorScheme" not in str(vars(lines[0]))


def test_not_ready_names_what_cannot_be_used(demo_settings, app):
    """A service without a workspace cannot serve."""
    import dataclasses  # noqa: PLC0415 - only this test changes settings

    bare = create_app(dataclasses.replace(demo_settings, workspaces={}))
    answer = bare.test_client().get("/readyz")

    assert (answer.status_code, answer.get_json()["status"]) == (503, "unavailable")
    assert app.test_client().get("/readyz").json["status"] == "ok"
