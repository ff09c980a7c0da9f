"""What a runner asks for with a diary: to begin, to check in, to see the plan as it stands, to look back.

It asks with the interview of `runner`, and writes down.
"""
