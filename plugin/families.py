"""The families of vendors, each found once: whose frame asks, what is asked, what tells us."""

from __future__ import annotations

from plugin import vendors
from plugin.helpdesk import Helpdesk
from plugin.hook import Hook
from plugin.registry import discover_in_folders
from plugin.upstream import Upstream

HELPDESKS = discover_in_folders(vendors, "helpdesk", Helpdesk)
UPSTREAMS = discover_in_folders(vendors, "source", Upstream)
HOOKS = discover_in_folders(vendors, "hook", Hook)
