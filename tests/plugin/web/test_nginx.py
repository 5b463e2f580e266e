"""The proxy's configuration that the page for operators names is one that nginx takes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CONFIGURATION = Path("docs/nginx/sidelight.conf")
AROUND = 'pid "{folder}/pid"; error_log stderr; events {{}} http {{ access_log off; {inner} }}'


def test_nginx_takes_the_configuration_that_operators_are_given(tmp_path: Path) -> None:
    """All of it but the certificate, which is the operator's own; in CI nginx has to be there."""
    nginx = shutil.which("nginx")
    if nginx is None:
        assert not os.environ.get("CI"), "nginx is missing: install the package nginx-light"
        pytest.skip("nginx is not installed")
    lines = CONFIGURATION.read_text(encoding="utf-8").replace("443 ssl", "127.0.0.1:8443")
    inner = "\n".join(line for line in lines.splitlines() if "ssl_" not in line)
    path = tmp_path / "nginx.conf"
    path.write_text(AROUND.format(folder=tmp_path, inner="\n" + inner + "\n"), encoding="utf-8")
    done = subprocess.run(
        [nginx, "-t", "-p", str(tmp_path), "-c", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_proxy_takes_bodies_as_large_as_we_do() -> None:
    """Its limits are those of the settings' defaults."""
    assert "client_max_body_size 256k" in CONFIGURATION.read_text(encoding="utf-8")
