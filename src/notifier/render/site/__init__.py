"""The posted pages: static files that any web server can host, at addresses that keep their meaning for ever."""

from __future__ import annotations

from notifier.render.site.build import Published, publish
from notifier.render.site.editions import PolicyHistory, Site

__all__ = ["PolicyHistory", "Published", "Site", "publish"]
