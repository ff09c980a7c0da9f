"""What is shown of a batch that ran: one row with its proof, and what was counted."""
