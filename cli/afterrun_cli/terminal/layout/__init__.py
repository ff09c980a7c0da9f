"""A page in lines, as wide as what it is read on: plain or drawn, and commands in it that can be typed."""
