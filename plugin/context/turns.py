"""Let one thread of a process think at a time; the others wait without a claim to the processor.

Python runs one thread at a time anyway. Threads that only compute gain nothing by taking turns of
milliseconds; what is answered from memory meanwhile would wait for each of them.
"""

from __future__ import annotations

import threading

thinking = threading.Lock()
"""Held while an account's facts are judged and shown: never while anything is waited for."""
