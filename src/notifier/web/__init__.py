"""The web: a provider's events in; health, figures and the posted pages out."""
