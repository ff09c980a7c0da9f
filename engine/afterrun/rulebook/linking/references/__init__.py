"""Every name in the knowledge files looked up; one that stands for nothing is a problem."""
