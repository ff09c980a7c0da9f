"""The interview on pages: a question as fields, one question a page, what a person's own files say to it."""
