"""Messages that a machine wrote."""

from __future__ import annotations

import pytest

from plugin.text.automatic import is_automatic


@pytest.mark.parametrize(
    "text",
    [
        "Out of office: back on Monday",
        "  Automatic reply: we received your mail",
        "Abwesenheitsnotiz",
        "Undeliverable: your message",
        "Your receipt from us",
    ],
)
def test_machines_words_are_known(text: str) -> None:
    """Absences, bounces and receipts are known by their beginning."""
    assert is_automatic(text)


def test_persons_words_are_no_machines() -> None:
    """A person who speaks of an automatic reply is no machine."""
    assert not is_automatic("How do I set up an automatic reply?")


@pytest.mark.parametrize(
    "text",
    [
        "Hallo,\n\nich bin derzeit nicht im Büro.",
        "Je suis actuellement en congés jusqu'au 4.",
        "Estoy fuera de la oficina.",
        "Risposta automatica: fuori sede",
        "Resposta automática: férias",
        "Automatisch antwoord: vakantie",
        "Autosvar: semester",
        "Automatisk svar: ferie",
        "Automaattinen vastaus: loma",
        "Automatyczna odpowiedź: urlop",
        "Automatická odpověď: dovolená",
        "Automatikus válasz: szabadság",
        "Răspuns automat: concediu",
        "Автоматический ответ: отпуск",
        "Автоматична відповідь: відпустка",
        "Αυτόματη απάντηση: άδεια",
        "Otomatik yanıt: izin",
        "自動返信: 休暇",
        "自动回复：休假",
        "자동 회신: 휴가",
        "Trả lời tự động: nghỉ phép",
        "תשובה אוטומטית: חופשה",
    ],
)
def test_absences_of_many_languages_are_automatic(text: str) -> None:
    """An absence is told by a machine, in whatever language."""
    assert is_automatic(text)
