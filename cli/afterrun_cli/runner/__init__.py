"""What a runner asks for without a diary: an intake (typed, or a file) in; result, plan or next step out."""
