"""History to demand: contacts offered and AHT per interval, with intervals of uncertainty."""
