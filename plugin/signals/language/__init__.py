"""Account CEL, the rule language.

scope.Scope                     what an expression may name: schema, params, defs
program.check(text, scope)      → checked.Checked: findings, type, fields read, cost
program.compile_program(…)      → program.Program: run, run_kleene, explain, deciding
printer.print_expression(…)     → the canonical text
finding.Finding                 one mistake, with its place
"""
