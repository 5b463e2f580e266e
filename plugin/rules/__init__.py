"""What stands out: the rule language, rule files, evaluation, text mining."""
