"""Millions of intakes at once: files -> chunks -> columns -> decisions -> files, nothing lost.

    files  ->  sources (what there is to read)  ->  readers (rows, rejects)  ->  layout (checked columns)
           ->  columns (logic on whole columns)  ->  output  ->  job (chunk by chunk, resumable)

Wants the extra `batch`: `pip install afterrun[batch]`.
"""
