"""What tests of several rooms share: the command line, terminals, logs and paths here, the rest by its use.

`rulebooks` shipped, broken and changed; `random_input` that any rulebook allows; `batches` and their files;
`history` as watches and apps export it; `diaries` and those who live through them; `fhir` and its clients;
`web` pages as people use them; `servers`; `readers` of what we write; what is `published`, and written anew
by `python -m`.
"""
