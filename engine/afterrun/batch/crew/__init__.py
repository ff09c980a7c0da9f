"""Who decides the lots: this process, others beside it, or many machines; all by one function."""
