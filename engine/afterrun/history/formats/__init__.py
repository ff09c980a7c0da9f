"""One file's bytes in; what it says of each activity out. One module a format; `known` has them all."""
