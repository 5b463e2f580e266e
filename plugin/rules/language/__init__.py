"""Account CEL, the rule language.

scope.Scope                        what an expression may name: schema, params, defs
program.check(text, scope)         → checked.Checked: tree, findings, reads, cost
program.compile_program(checked)   → program.Program: run, run_kleene, explain, deciding
result.Result, Because, Deciding   what judging tells
printer.print_expression(text)     → the canonical text; lexer.Refused where it cannot be read
finding.Finding                    one mistake, with its place
"""
