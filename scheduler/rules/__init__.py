"""Rest rules, contract rules and template rules: one rule, one file; one preset, one file."""
