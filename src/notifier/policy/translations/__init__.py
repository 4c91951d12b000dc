"""Translations beside their controlling text: which followed it, and which were left behind."""
