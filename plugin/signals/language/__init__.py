"""Account CEL: lexer, parser, checker, compiler, three-valued evaluator, explain."""
