"""What is told, in a format: pages of HTML and PDF, Markdown, and what a notebook shows."""
