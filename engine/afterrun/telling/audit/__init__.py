"""What is told of one person's case to whoever asks why: proofs, explanations, the report.

View (one reader, one case)  ->  proof: Claim  ->  explanation, report
"""
