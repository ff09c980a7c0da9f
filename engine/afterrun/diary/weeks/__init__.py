"""The weeks of a diary: those ahead, as check-ins changed them, and what own files say of those that were."""
