"""Questions asked in the terminal, for whoever asks: a runner's first answers, one of them again, a week's.

typed line  ->  conversation  ->  drafts (kept after each answer)
"""
