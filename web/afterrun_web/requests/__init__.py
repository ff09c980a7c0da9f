"""What came with a request, who sent it, and what it may; what is refused, in the shape its sender reads."""
