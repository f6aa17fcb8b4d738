"""Files of other tools: what their columns mean, read into the tables of a centre folder."""
