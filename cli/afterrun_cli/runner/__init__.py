"""What a runner asks for without a diary: an intake, typed or in a file, in; result, plan or next step out.

typed line  ->  typed_answers  ->  interview  ->  drafts (kept after each answer)
"""
