"""The posted pages: static files that any web server can host, at addresses that keep their meaning for ever."""
