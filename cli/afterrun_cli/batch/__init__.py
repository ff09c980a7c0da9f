"""Files of many intakes."""
