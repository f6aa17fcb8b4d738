"""Pay consequences of working time: one pay law a file, and the lines that payroll and cost are made from."""
