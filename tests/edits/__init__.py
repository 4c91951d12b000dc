"""A grammar of edits: sentences as policies have them, operators that edit one, and the label each edit has by that.

`sentences/` hold the texts, one file a language; `operators/` the edits, one file a kind; `policy` embeds an edit in a
whole policy, alone or among restylings; `cases` enumerates them. The laws about the judgement stand in `test_edits`.
"""
