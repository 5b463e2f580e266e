"""Know messages that a machine wrote."""

from __future__ import annotations

import re

_AUTOMATIC = re.compile(
    r"^\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office"
    r"|abwesenheitsnotiz|réponse automatique|respuesta automática"
    r"|undeliverable|delivery status notification|mail delivery (?:failed|subsystem)|returned mail"
    r"|failure notice|your receipt from|this is an automat(?:ic|ed)"
    r"|i am (?:currently )?out of (?:the )?office|ich bin (?:derzeit )?nicht im büro)",
    re.IGNORECASE,
)


def is_automatic(text: str) -> bool:
    """Return whether a machine wrote it: an absence, a bounce, a receipt."""
    return _AUTOMATIC.match(text) is not None
