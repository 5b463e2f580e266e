"""Find rule files and the tests beside them, and read both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plugin.rules.diagnostic import Diagnostic, RuleSource, SourcePlace, diagnostic
from plugin.rules.rule_file import SHIPPED, Loaded, load_files, shipped_text
from plugin.rules.rule_format import format_problems
from plugin.rules.rule_tests import TestFile, load_tests
from plugin.rules.rules import RuleSet
from plugin.rules.schema import Schema

_TEST = "_test"
_TESTS_OF = re.compile(rb"^rule_files\s*:", re.MULTILINE)


def is_test_file(path: Path) -> bool:
    """Return whether a file holds tests: by its name, or by the files that it tests."""
    if path.stem.endswith(_TEST):
        return True
    return path.is_file() and _TESTS_OF.search(path.read_bytes()) is not None


def tests_beside(path: Path) -> Path:
    """Return where the tests of a rule file stand."""
    return path if is_test_file(path) else path.with_name(f"{path.stem}{_TEST}{path.suffix}")


def _missing(path: Path, message: str, hint: str) -> Diagnostic:
    return diagnostic(SourcePlace(RuleSource(str(path), ""), 0, 0), "not-found", message, hint)


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """Reads rule files and test files against one schema."""

    schema: Schema

    def _content(self, path: Path) -> bytes | str | None:
        """Return a file's content; a pack that ships is found wherever its tests stand."""
        if path.is_file():
            return path.read_bytes()
        return shipped_text(path.stem) if path.stem in SHIPPED else None

    def load(self, paths: Sequence[Path]) -> Loaded:
        """Return the rules of files that build on each other."""
        contents = [(self._content(path), str(path)) for path in paths]
        missing = [path for path, (data, _) in zip(paths, contents, strict=True) if data is None]
        if missing:
            hint = "name it as it stands beside the tests"
            return Loaded(
                None, tuple(_missing(path, "no such rule file", hint) for path in missing)
            )
        return load_files(
            [(data, name) for data, name in contents if data is not None], self.schema
        )

    def findings(self, path: Path) -> tuple[Diagnostic, ...]:
        """Return everything that is wrong with a rule file or a test file."""
        if is_test_file(path):
            return load_tests(path.read_bytes(), str(path), self.schema).findings
        return self.load([path]).findings


@dataclass(slots=True)
class TestedFiles:
    """Test files with the rules that they test, and what was wrong on the way."""

    __test__ = False  # pytest: a record, no test

    pairs: list[tuple[TestFile, RuleSet]] = field(default_factory=list)
    findings: tuple[Diagnostic, ...] = ()
    paths: list[Path] = field(default_factory=list)

    def by_rules(self) -> Iterator[tuple[RuleSet, list[TestFile]]]:
        """Yield each rule set once, with all its test files."""
        sets = {ruleset.hash: ruleset for _, ruleset in self.pairs}
        for digest, ruleset in sets.items():
            yield ruleset, [tests for tests, rules in self.pairs if rules.hash == digest]

    def format_results(self) -> tuple[int, list[str]]:
        """Return how many rule files keep their form when formatted, and which do not."""
        problems = [
            problem
            for path in dict.fromkeys(self.paths)
            if path.is_file()
            for problem in format_problems(path.read_bytes(), str(path))
        ]
        return len(dict.fromkeys(self.paths)) - len(problems), problems


def _read_one(files: RuleFiles, path: Path, tested: TestedFiles) -> tuple[Diagnostic, ...]:
    beside = tests_beside(path)
    if not beside.is_file():
        hint = "write the tests beside the rules"
        return (_missing(beside, f"no tests for {path.name}", hint),)
    loaded = load_tests(beside.read_bytes(), str(beside), files.schema)
    if loaded.tests is None:
        return loaded.findings
    paths = [beside.parent / name for name in loaded.tests.rule_files]
    rules = files.load(paths)
    if rules.rules is None:
        return (*loaded.findings, *rules.findings)
    tested.pairs.append((loaded.tests, rules.rules))
    tested.paths += paths
    return loaded.findings


def read_tested(paths: Sequence[Path], schema: Schema) -> TestedFiles:
    """Return the tests of rule files, each file's own or those beside it."""
    tested = TestedFiles()
    findings: list[Diagnostic] = []
    for path in dict.fromkeys(tests_beside(path) for path in paths):
        findings += _read_one(RuleFiles(schema), path, tested)
    tested.findings = tuple(findings)
    return tested
