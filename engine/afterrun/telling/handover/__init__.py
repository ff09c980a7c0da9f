"""One page for whoever treats the person: what stands behind it, cut by priority until it fits on the paper.

intake, diary  ->  contents, since: Handover  ->  sheet: Sheet (what has room)  ->  html
"""
