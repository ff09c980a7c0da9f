"""Cards of exercises: poses in joint angles in, bodies in space out, their drawing and the words beside it.

Pose  ->  body: Body  ->  props, picture: SVG      Exercise  ->  cards: Card, Page
"""
