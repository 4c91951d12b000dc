"""Evidence: a folder that shows, to somebody who has nothing else, what one person was told, when, in which words.

`gathering` finds the facts and the texts; `derived` makes from these all that a reader opens, so that a folder is
checked by making it again; `parcel` is the folder itself; `examination` checks one, offline.
"""
