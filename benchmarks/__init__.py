"""What is measured, and how: `make bench` runs all, `python -m benchmarks NAME…` some."""
