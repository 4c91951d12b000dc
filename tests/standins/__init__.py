"""Stand-ins: real servers on loopback in place of the providers Notifier talks to."""
