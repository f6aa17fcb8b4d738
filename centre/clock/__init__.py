"""Records of when people clocked in and out."""
