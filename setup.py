"""What pyproject.toml cannot say: a wheel carries static/ inside plugin/, not beside strangers."""

from __future__ import annotations

from setuptools import find_namespace_packages, setup

_FOLDERS = find_namespace_packages(include=["plugin*", "widgets*", "manifest*"])
_INSIDE = {f"plugin.{name}": name.replace(".", "/") for name in ("static", "static.helpdesks")}

setup(packages=[*_FOLDERS, *_INSIDE], package_dir=_INSIDE)
