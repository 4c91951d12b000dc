"""What a page of evidence says in place of the words that records are kept in: nobody has to know those in court."""

from __future__ import annotations

WORDS = {
    "data_collection": "which information is collected", "purpose": "what information is used for",
    "ai_training": "the use of information to train AI", "sharing": "who receives information",
    "subprocessors": "which companies handle information on behalf of this one",
    "transfers": "which countries information goes to", "retention": "how long information is kept",
    "security": "how information is protected", "cookies_tracking": "cookies and tracking",
    "rights_choices": "rights and choices of customers",
    "contact_channel": "how to reach the company about these rights",
    "controller_entity": "which company is responsible", "children_age": "age limits",
    "user_obligations": "what customers must, may or may not do",
    "enforcement_termination": "how accounts are suspended or ended", "fees_refunds": "prices, payments and refunds",
    "service_level": "availability and support", "liability_warranty": "warranty and liability",
    "disputes_law": "disputes and the law that applies", "intellectual_property": "rights in content",
    "scope": "what the text covers", "notice_terms": "how and when changes are announced", "click": "pressed a button",
    "checkbox": "ticked a box", "signature": "signed", "continued_use": "went on using the service",
    "import": "taken over from a record kept elsewhere", "outbox": "the outbox, a folder",
    "smtp": "a mail server (SMTP)", "sendgrid": "SendGrid", "awaiting_approval": "nobody yet: waits for approval",
    "scheduled": "nobody yet: waits for its day", "sending": "being sent",
    "held": "stopped, by a person or because too many came back",
    "no_audience": "nobody: the list had no one in its audience", "finished": "finished: nobody waits for it any more",
    "cancelled": "cancelled: who had not been written to was not",
}  # fmt: skip
"""Topics, ways to agree, ways to send, and how far a notice came."""
