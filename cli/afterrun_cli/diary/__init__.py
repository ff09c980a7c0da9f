"""Enrolment, check-ins and looking back."""
