"""Check an expression against the schema: every type error at once, or one syntax error."""

from __future__ import annotations

from plugin.rules.language import calls, names, operators
from plugin.rules.language.checked import Checked
from plugin.rules.language.context import Context, is_wrong
from plugin.rules.language.finding import Finding
from plugin.rules.language.lexer import Refused
from plugin.rules.language.limits import MAX_COST
from plugin.rules.language.measure import (
    cost,
    deciding_chains,
    list_path,
    only_filter,
    single_names,
)
from plugin.rules.language.parser import parse
from plugin.rules.language.scope import Scope
from plugin.rules.language.suspicions import warn_of
from plugin.rules.language.syntax import (
    Binary,
    Call,
    Chain,
    Choice,
    Expression,
    ListLiteral,
    Literal,
    Path,
    Unary,
)
from plugin.rules.language.tree import Constant, Node
from plugin.rules.language.types import type_of_value


def _infer_simple(context: Context, node: Literal | Path | ListLiteral | Call) -> Node:
    match node:
        case Literal(value=value, span=span):
            return Constant(value, type_of_value(value), span)
        case Path():
            return names.resolve(context, node)
        case ListLiteral():
            return operators.list_literal(context, node)
        case Call():
            return calls.call(context, node)


def infer(context: Context, node: Expression) -> Node:
    """Return the checked node of an expression, its findings kept in the context."""
    match node:
        case Chain():
            return operators.chain(context, node)
        case Choice():
            return operators.choice(context, node)
        case Unary():
            return operators.unary(context, node)
        case Binary():
            return operators.binary(context, node)
    return _infer_simple(context, node)


def _tree(context: Context, *, condition: bool) -> Node | None:
    try:
        tree = context.infer(parse(context.text))
    except Refused as refused:
        context.findings.clear()  # one mistake in writing hides what its parts mean
        context.keep(refused.finding, None)
        return None
    if condition:
        tree = operators.condition(context, tree, "the whole condition")
    price = 0 if context.findings else cost(tree)
    if price > MAX_COST:
        message = f"may visit {price:,} parts, more than {MAX_COST:,}"
        hint = "do not nest one list in another, or name a part in 'defs'"
        context.report("too-costly", message, hint, tree.span)
    if not any(finding.severity == "error" for finding in context.findings):
        warn_of(context, tree)
    return None if is_wrong(tree) else tree


def _in_order(findings: dict[Finding, None]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda found: (found.definition or "", found.start)))


def _deciding(tree: Node) -> dict[str, str]:
    macros = [macro for chain in deciding_chains(tree) for macro in chain]
    single = single_names(tree)
    return {macro.variable: list_path(macro) for macro in macros if macro.variable in single}


def check(text: str, scope: Scope, *, condition: bool = True) -> Checked:
    """Check an expression; `condition` says that the whole of it must be true or false."""
    context = Context(scope, text, infer)
    tree = _tree(context, condition=condition)
    findings = _in_order(context.findings)
    if tree is None or any(finding.severity == "error" for finding in findings):
        return Checked(
            text,
            findings,
            params_read=frozenset(context.params_read),
            defs_read=frozenset(context.defs_read),
            reads=frozenset(context.reads),
        )
    return Checked(
        text=text,
        findings=findings,
        tree=tree,
        type=tree.type,
        reads=frozenset(context.reads),
        params_read=frozenset(context.params_read),
        defs_read=frozenset(context.defs_read),
        deciding=_deciding(tree),
        single_filter=only_filter(tree) is not None,
        nodes=context.nodes,
        cost=cost(tree),
        texts=context.texts,
    )
