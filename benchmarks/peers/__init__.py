"""The same rulebook and the same rows in other engines, side by side: `make bench-peers`.

`export` writes the rulebook and seeded rows in a neutral form; each peer runs in a process of its
own, translates the rulebook into its own language, is checked against the reference evaluator and
then measured; `table` puts the figures side by side. Peers live in an environment of their own and
never import afterrun.
"""
