"""What the tests of the panel share: one generated register, its plain panel, and one Spark of this machine."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from population.registers import build_panel, made


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a generated register, its rows of one person together."""
    return made(tmp_path_factory.mktemp("generated") / "register")


@pytest.fixture(scope="session")
def plain(generated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its panel, computed in plain Python as one bucket."""
    folder = tmp_path_factory.mktemp("plain") / "panel"
    build_panel(generated, folder)
    return folder


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark of two threads. Small Arrow batches, so that people stretch over their borders."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what PySpark says of its own future is not this program's
        from pyspark.sql import SparkSession

        built: Any = SparkSession.builder
        told = {
            "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "4", "spark.sql.execution.arrow.maxRecordsPerBatch": "400",
            "spark.driver.memory": "1g", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.showConsoleProgress": "false",
        }  # fmt: skip
        for key, value in told.items():
            built = built.config(key, value)
        session = built.master("local[2]").getOrCreate()
        yield session
        session.stop()
