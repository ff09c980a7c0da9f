"""What people write: the shapes of rule and knowledge files, before any name is looked up."""
